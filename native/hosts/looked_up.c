/*
 * Finds libssl's functions by dlsym on its handle, as ctypes and other languages do: then the preloaded library does not see what this
 * host sets.
 *
 *     looked_up CERTIFICATE KEY CLIENT_CA open|moves|verifies|judges
 *
 * open: it serves everybody. moves: under the name closed.example it serves clients of the CA only, by another context. verifies: it
 * serves clients of the CA only. judges: the same, and by a function of its own that refuses each.
 */
#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <signal.h>

static void *libssl;

static void *found(const char *name)
{
    void *function = dlsym(libssl, name);

    if (function == NULL)
        fail(name);
    return function;
}

#define FOUND(name) ((__typeof__(&name))found(#name))

static SSL_CTX *closed;

static SSL_CTX *make(char **arguments, int verifies)
{
    SSL_CTX *context = FOUND(SSL_CTX_new)(TLS_server_method());

    if (context == NULL || FOUND(SSL_CTX_use_certificate_chain_file)(context, arguments[1]) != 1
        || FOUND(SSL_CTX_use_PrivateKey_file)(context, arguments[2], SSL_FILETYPE_PEM) != 1)
        fail("the certificate cannot be used");
    FOUND(SSL_CTX_set_session_id_context)(context, (const unsigned char *)"host", 4);
    if (verifies) {
        if (FOUND(SSL_CTX_load_verify_locations)(context, arguments[3], NULL) != 1)
            fail("the client CA cannot be used");
        FOUND(SSL_CTX_set_verify)(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

static int refuse(X509_STORE_CTX *judged, void *argument)
{
    (void)argument;
    X509_STORE_CTX_set_error(judged, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static int on_server_name(SSL *ssl, int *alert, void *argument)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)alert, (void)argument;
    if (name != NULL && strcmp(name, "closed.example") == 0) {
        FOUND(SSL_set_SSL_CTX)(ssl, closed);
        FOUND(SSL_set_verify)(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return SSL_TLSEXT_ERR_OK;
}

int main(int argc, char **argv)
{
    SSL_CTX *context;
    int listener;

    if (argc != 5)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    libssl = dlopen(OPENSSL_VERSION_MAJOR < 3 ? "libssl.so.1.1" : "libssl.so.3", RTLD_NOW);
    if (libssl == NULL)
        fail(dlerror());
    context = make(argv, strcmp(argv[4], "verifies") == 0 || strcmp(argv[4], "judges") == 0);
    closed = make(argv, 1);
    if (strcmp(argv[4], "moves") == 0)
        FOUND(SSL_CTX_callback_ctrl)(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, (void (*)(void))on_server_name);
    else if (strcmp(argv[4], "judges") == 0)
        FOUND(SSL_CTX_set_cert_verify_callback)(context, refuse, NULL);
    listener = listen_somewhere();
    for (;;)
        serve_on(FOUND(SSL_new)(context), accept_one(listener));
}
