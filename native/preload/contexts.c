#define _GNU_SOURCE
#include "contexts.h"

#include <pthread.h>
#include <stdlib.h>

#include "children.h"
#include "id_contexts.h"
#include "libssl.h"
#include "log.h"
#include "settings.h"
#include "start.h"

typedef int (*server_name_callback)(SSL *, int *, void *);

/* What hangs on every SSL_CTX that was made since: what the host has set, and its callbacks that we stand in front of. */
typedef struct {
    what_host_has_set noted; /* first: the library reads it */
    SSL_client_hello_cb_fn host_callback;
    void *host_argument;
    server_name_callback host_server_name;
} hooked_context;

static int slot = -1;

/* Whether this thread is in SSL_CTX_new by way of this library. */
static __thread int is_making;

/* On SSL: the context that it was made from. libssl takes the session callbacks and the cache from that one, wherever the host moves it. */
static int born_slot = -1;

static int client_hello(SSL *ssl, int *alert, void *argument)
{
    /* Before the host's callback, which may move the connection. */
    SSL_CTX *context = libssl.SSL_get_SSL_CTX(ssl), *born_from = libssl.SSL_get_ex_data(ssl, born_slot);
    hooked_context *hooked = libssl.SSL_CTX_get_ex_data(context, slot);

    (void)argument;
    if (born_from == NULL) {
        /* A copy of another SSL, or one that was not made by way of this library. */
        born_from = context;
        libssl.SSL_set_ex_data(ssl, born_slot, born_from);
    }
    if (hooked != NULL && hooked->host_callback != NULL) {
        int answer = hooked->host_callback(ssl, alert, hooked->host_argument);

        if (answer != SSL_CLIENT_HELLO_SUCCESS)
            return answer;
    }
    start_client_hello(ssl, born_from);
    return SSL_CLIENT_HELLO_SUCCESS;
}

static server_name_callback server_name_of(const SSL_CTX *context)
{
    hooked_context *hooked = context == NULL ? NULL : libssl.SSL_CTX_get_ex_data(context, slot);

    return hooked == NULL ? NULL : hooked->host_server_name;
}

/*
 * libssl calls that of the context that the connection is in, or else that of the one it was made from, with the argument that
 * belongs to it. It has found the session by now. The host may switch contexts here, and take over the options of the other one.
 */
static int server_name(SSL *ssl, int *alert, void *argument)
{
    server_name_callback host = server_name_of(libssl.SSL_get_SSL_CTX(ssl));
    int answer;

    if (host == NULL)
        host = server_name_of(libssl.SSL_get_ex_data(ssl, born_slot));
    answer = host == NULL ? SSL_TLSEXT_ERR_NOACK : host(ssl, alert, argument);
    if (answer == SSL_TLSEXT_ERR_ALERT_FATAL || start_server_name(ssl))
        return answer;
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
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
    hooked->noted.flags = is_making ? CONTEXT_WATCHED : 0;
    children_leave_alone();
    start_map_library();
    libssl.SSL_CTX_set_client_hello_cb(context, client_hello, NULL);
}

static void context_freed(void *context, void *value, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
    (void)context, (void)data, (void)index, (void)number, (void)argument;
    free(value);
}

/* SSL_dup: the copy is made from the context that the other one is in, and not from the one that that was made from. */
static int born_copied(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void *place, int index, long number, void *argument)
{
    (void)to, (void)from, (void)index, (void)number, (void)argument;
    *(void **)place = NULL;
    return 1;
}

static void hook_once(void)
{
    slot = libssl.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, context_made, NULL, context_freed);
    born_slot = libssl.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, NULL, NULL, (CRYPTO_EX_dup *)(void *)born_copied, NULL);
    if (slot < 0 || born_slot < 0 || !id_contexts_hook())
        log_line(LOG_LEVEL_ERROR, "libssl gave no slot to watch its contexts with; sessions are not shared.");
}

void contexts_hook(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (settings.store != NULL && libssl_find())
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

int contexts_remember_server_name(SSL_CTX *context, void (*callback)(void))
{
    hooked_context *hooked = slot < 0 ? NULL : libssl.SSL_CTX_get_ex_data(context, slot);

    if (hooked == NULL)
        return 0;
    hooked->host_server_name = (server_name_callback)callback;
    contexts_note(context, CONTEXT_SERVER_NAME);
    libssl.SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, callback == NULL ? NULL : (void (*)(void))server_name);
    return 1;
}

int contexts_slot(void)
{
    return slot;
}

what_host_has_set *contexts_noted(const SSL_CTX *context)
{
    hooked_context *hooked = slot < 0 || context == NULL ? NULL : libssl.SSL_CTX_get_ex_data(context, slot);

    return hooked == NULL ? NULL : &hooked->noted;
}

void contexts_making(int begins)
{
    is_making = begins;
}

/* A flag stays, also when the host takes its callback back: it may set it again. */
void contexts_note(const SSL_CTX *context, int flag)
{
    what_host_has_set *noted = contexts_noted(context);

    if (noted != NULL)
        __atomic_fetch_or(&noted->flags, flag, __ATOMIC_RELAXED);
}

void contexts_connection_made(SSL *ssl, SSL_CTX *context)
{
    if (born_slot >= 0)
        libssl.SSL_set_ex_data(ssl, born_slot, context);
}
