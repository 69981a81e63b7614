#define _GNU_SOURCE
#include "libssl.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#include "log.h"

libssl_functions libssl;

/* Where its code is, of the libssl that is used. */
static struct {
    uintptr_t begin, end;
} code[4];
static int code_count;

static void remember_code(const struct dl_phdr_info *image)
{
    for (int i = 0; i < image->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &image->dlpi_phdr[i];

        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 && code_count < (int)(sizeof code / sizeof code[0])) {
            code[code_count].begin = image->dlpi_addr + segment->p_vaddr;
            code[code_count].end = code[code_count].begin + segment->p_memsz;
            code_count++;
        }
    }
}

int libssl_has(const void *address)
{
    for (int i = 0; i < code_count; i++) {
        if ((uintptr_t)address >= code[i].begin && (uintptr_t)address < code[i].end)
            return 1;
    }
    return 0;
}

/* The path of the libssl that is loaded, wherever the loader keeps it: also one that dlopen brought with RTLD_LOCAL. */
static int is_libssl(struct dl_phdr_info *image, size_t size, void *path)
{
    const char *name = strrchr(image->dlpi_name, '/');

    (void)size;
    name = name == NULL ? image->dlpi_name : name + 1;
    if (strncmp(name, "libssl.so", strlen("libssl.so")) != 0)
        return 0;
    *(const char **)path = image->dlpi_name;
    remember_code(image);
    return 1;
}

static int missing;

static void *find(void *library, const char *name)
{
    void *symbol = dlsym(library, name);

    if (symbol == NULL) {
        missing = 1;
        log_line(LOG_LEVEL_ERROR, "The loaded libssl has no %s, so it is older than 1.1.1 or not OpenSSL; sessions are not shared.", name);
    }
    return symbol;
}

int libssl_find(void)
{
    static int state; /* 0: not looked; 1: found; -1: not to be had */
    const char *path = NULL;
    void *library;

    if (state != 0)
        return state > 0;
    dl_iterate_phdr(is_libssl, &path);
    library = path == NULL ? NULL : dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL)
        return 0;

    /* libcrypto comes with libssl, so that dlsym on libssl finds its functions too. */
    libssl.CRYPTO_get_ex_new_index = find(library, "CRYPTO_get_ex_new_index");
    libssl.CRYPTO_set_ex_data = find(library, "CRYPTO_set_ex_data");
    libssl.SSL_CTX_get_ex_data = find(library, "SSL_CTX_get_ex_data");
    libssl.SSL_get_SSL_CTX = find(library, "SSL_get_SSL_CTX");
    libssl.SSL_CTX_set_client_hello_cb = find(library, "SSL_CTX_set_client_hello_cb");
    libssl.SSL_CTX_new = find(library, "SSL_CTX_new");
    libssl.SSL_new = find(library, "SSL_new");
    libssl.SSL_CTX_new_ex = dlsym(library, "SSL_CTX_new_ex");
    libssl.SSL_CTX_set_cert_cb = find(library, "SSL_CTX_set_cert_cb");
    libssl.SSL_set_cert_cb = find(library, "SSL_set_cert_cb");
    libssl.SSL_CTX_set_cert_verify_callback = find(library, "SSL_CTX_set_cert_verify_callback");
    libssl.SSL_CTX_set_session_id_context = find(library, "SSL_CTX_set_session_id_context");
    libssl.SSL_set_session_id_context = find(library, "SSL_set_session_id_context");
    libssl.SSL_CTX_set_session_ticket_cb = find(library, "SSL_CTX_set_session_ticket_cb");
    libssl.SSL_SESSION_get_timeout = find(library, "SSL_SESSION_get_timeout");
    libssl.SSL_SESSION_set_timeout = find(library, "SSL_SESSION_set_timeout");
    libssl.SSL_SESSION_set_time = find(library, "SSL_SESSION_set_time");
    libssl.SSL_SESSION_set_time_ex = dlsym(library, "SSL_SESSION_set_time_ex");
    libssl.SSL_SESSION_set1_id_context = find(library, "SSL_SESSION_set1_id_context");
    libssl.SSL_SESSION_set1_ticket_appdata = find(library, "SSL_SESSION_set1_ticket_appdata");
    libssl.SSL_CTX_remove_session = find(library, "SSL_CTX_remove_session");
    libssl.SSL_SESSION_get_ex_data = find(library, "SSL_SESSION_get_ex_data");
    libssl.SSL_SESSION_set_ex_data = find(library, "SSL_SESSION_set_ex_data");
    libssl.SSL_CTX_callback_ctrl = find(library, "SSL_CTX_callback_ctrl");
    libssl.SSL_get_ex_data = find(library, "SSL_get_ex_data");
    libssl.SSL_set_ex_data = find(library, "SSL_set_ex_data");
    state = missing ? -1 : 1;
    return state > 0;
}
