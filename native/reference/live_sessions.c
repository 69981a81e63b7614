#include "live_sessions.h"

#include <pthread.h>
#include <stdatomic.h>

#include <openssl/crypto.h>
#include <openssl/ssl.h>

static atomic_long live;
static pthread_once_t started = PTHREAD_ONCE_INIT;

/* What new_func leaves on a session that it counted: its address is all that matters. */
static char counted;

static void on_created(void *session, void *value, CRYPTO_EX_DATA *data, int index, long argl, void *argp)
{
    (void)session, (void)value, (void)argl, (void)argp;

    /* Uncounted rather than counted without a mark, which nothing would ever take off the count. */
    if (CRYPTO_set_ex_data(data, index, &counted))
        atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
}

/*
 * SSL_SESSION_dup first creates (on_created marks the copy), then copies the value of the original over it.
 * An original from before the start has no mark, so the copy must be left with its own.
 */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
static int on_copied(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void **value, int index, long argl, void *argp)
{
    (void)from, (void)argl, (void)argp;
    *value = CRYPTO_get_ex_data(to, index);
    return 1;
}
#else
static int on_copied(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void *value, int index, long argl, void *argp)
{
    (void)from, (void)argl, (void)argp;
    *(void **)value = CRYPTO_get_ex_data(to, index);
    return 1;
}
#endif

/* Also called for sessions from before the start, then with no value. */
static void on_freed(void *session, void *value, CRYPTO_EX_DATA *data, int index, long argl, void *argp)
{
    (void)session, (void)data, (void)index, (void)argl, (void)argp;
    if (value == &counted)
        atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
}

static void start(void)
{
    CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_SESSION, 0, NULL, on_created, on_copied, on_freed);
}

void osr_live_sessions_start(void)
{
    pthread_once(&started, start);
}

long osr_live_sessions(void)
{
    return atomic_load_explicit(&live, memory_order_relaxed);
}
