#define _GNU_SOURCE
#include "contexts.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include "children.h"
#include "libssl.h"
#include "log.h"
#include "start.h"

/* What hangs on every SSL_CTX that was made since: the host's own ClientHello callback, which libssl has one place for, and no getter. */
typedef struct {
    SSL_client_hello_cb_fn host_callback;
    void *host_argument;
} hooked_context;

static int slot = -1;

static int client_hello(SSL *ssl, int *alert, void *argument)
{
    /* Before the host's callback: that one may switch the connection to another context, but libssl takes the session callbacks from this one. */
    SSL_CTX *born_from = libssl.SSL_get_SSL_CTX(ssl);
    hooked_context *hooked = libssl.SSL_CTX_get_ex_data(born_from, slot);

    (void)argument;
    if (hooked != NULL && hooked->host_callback != NULL) {
        int answer = hooked->host_callback(ssl, alert, hooked->host_argument);

        if (answer != SSL_CLIENT_HELLO_SUCCESS)
            return answer;
    }
    start_client_hello(ssl, born_from);
    return SSL_CLIENT_HELLO_SUCCESS;
}

/* libssl calls this inside SSL_CTX_new, for clients and servers alike; a ClientHello callback runs on servers only. */
static void context_made(void *context, void *value, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
    hooked_context *hooked = calloc(1, sizeof *hooked);

    (void)value, (void)number, (void)argument;
    if (hooked == NULL)
        return;
    if (libssl.CRYPTO_set_ex_data(data, index, hooked) != 1) {
        free(hooked);
        return;
    }
    children_leave_alone();
    start_map_library();
    libssl.SSL_CTX_set_client_hello_cb(context, client_hello, NULL);
}

static void context_freed(void *context, void *value, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
    (void)context, (void)data, (void)index, (void)number, (void)argument;
    free(value);
}

static void hook_once(void)
{
    slot = libssl.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, context_made, NULL, context_freed);
    if (slot < 0)
        log_line(LOG_LEVEL_ERROR, "libssl gave no slot to watch its contexts with; sessions are not shared.");
}

void contexts_hook(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (libssl_find())
        pthread_once(&once, hook_once);
}

int contexts_remember(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument)
{
    hooked_context *hooked = slot < 0 ? NULL : libssl.SSL_CTX_get_ex_data(context, slot);

    if (hooked == NULL)
        return 0;
    hooked->host_argument = argument;
    hooked->host_callback = callback;
    return 1;
}
