/* What attached contexts do: they resume, go on without a cache that is closed, count, and log at the level that was asked for. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "check.h"
#include "tls_pair.h"

enum { THREADS = 8, ROUNDS = 20, PATIENCE_MS = 20000 };

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static void resuming(void)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        osscb_statistics statistics = {.size = sizeof statistics};
        SSL_CTX *one = tls_server(), *other = tls_server();
        SSL_SESSION *session = NULL;
        osscb_cache *cache;

        /* The same certificate: what is resumed elsewhere must have been made under the same. */
        CHECK(SSL_CTX_use_certificate(other, SSL_CTX_get0_certificate(one)) == 1
            && SSL_CTX_use_PrivateKey(other, SSL_CTX_get0_privatekey(one)) == 1);
        ANSWERS(OSSCB_OK, osscb_open("memory", NULL, "shop", &cache));
        ANSWERS(OSSCB_OK, osscb_attach(cache, one));
        ANSWERS(OSSCB_OK, osscb_attach(cache, other));
        CHECK(tls_connect(one, versions[i], &session) == 0);
        CHECK(tls_connect(other, versions[i], &session) == 1);
        ANSWERS(OSSCB_OK, osscb_get_statistics(cache, &statistics));
        CHECK(statistics.created == (versions[i] == TLS1_2_VERSION ? 1 : 2));
        CHECK(statistics.lookups == 1 && statistics.hits == 1 && statistics.near_hits == 1);

        /* The other context may go at any time. Detached, and then closed, the one shakes hands as if nothing had been. */
        SSL_CTX_free(other);
        ANSWERS(OSSCB_OK, osscb_detach(cache, one));
        CHECK(tls_connect(one, versions[i], &session) == 0);
        ANSWERS(OSSCB_OK, osscb_attach(cache, one));
        ANSWERS(OSSCB_OK, osscb_close(cache));
        CHECK(tls_connect(one, versions[i], &session) >= 0);
        SSL_SESSION_free(session);
        SSL_CTX_free(one);
    }
}

static void *come_and_go(void *ctx)
{
    for (int round = 0; round < ROUNDS; round++) {
        SSL_SESSION *session = NULL;
        osscb_cache *cache;

        ANSWERS(OSSCB_OK, osscb_open("memory", NULL, "shop", &cache));
        ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
        CHECK(tls_connect(ctx, versions[round % 2], &session) == 0);
        CHECK(tls_connect(ctx, versions[round % 2], &session) == 1);
        if (round % 3 != 0)
            ANSWERS(OSSCB_OK, osscb_detach(cache, ctx));
        ANSWERS(OSSCB_OK, osscb_close(cache));
        SSL_SESSION_free(session);
    }
    return NULL;
}

static void many_threads(void)
{
    pthread_t threads[THREADS];
    SSL_CTX *contexts[THREADS];

    for (int i = 0; i < THREADS; i++) {
        contexts[i] = tls_server();
        CHECK(pthread_create(&threads[i], NULL, come_and_go, contexts[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        SSL_CTX_free(contexts[i]);
    }
}

typedef struct {
    atomic_int lines[OSSCB_LOG_INFORMATION + 1];
    atomic_int odd;
} log_lines;

static void count_line(int level, const char *text, void *argument)
{
    log_lines *lines = argument;

    if (level < OSSCB_LOG_ERROR || level > OSSCB_LOG_INFORMATION || *text == '\0' || strchr(text, '\n') != NULL)
        atomic_fetch_add(&lines->odd, 1);
    else
        atomic_fetch_add(&lines->lines[level], 1);
}

/* A store that is away: that is worth a warning. Answers how many errors the cache has counted, which is not none. */
static void share_with_nobody(const char *key_file)
{
    osscb_statistics statistics = {.size = sizeof statistics};
    SSL_CTX *ctx = tls_server();
    SSL_SESSION *session = NULL;
    osscb_cache *cache;

    ANSWERS(OSSCB_OK, osscb_open("redis:127.0.0.1:1,connectTimeout=100", key_file, NULL, &cache));
    ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
    CHECK(tls_connect(ctx, TLS1_2_VERSION, &session) == 0);
    for (int waited = 0; waited < PATIENCE_MS && statistics.errors == 0; waited += 10) {
        struct timespec a_moment = {0, 10000000};

        nanosleep(&a_moment, NULL);
        ANSWERS(OSSCB_OK, osscb_get_statistics(cache, &statistics));
    }
    CHECK(statistics.errors > 0);
    ANSWERS(OSSCB_OK, osscb_close(cache));
    SSL_SESSION_free(session);
    SSL_CTX_free(ctx);
}

static void logging(const char *key_file)
{
    static log_lines all, errors, none;

    ANSWERS(OSSCB_OK, osscb_set_log(count_line, &all, OSSCB_LOG_INFORMATION));
    share_with_nobody(key_file);
    CHECK(all.lines[OSSCB_LOG_WARNING] > 0);

    ANSWERS(OSSCB_OK, osscb_set_log(count_line, &errors, OSSCB_LOG_ERROR));
    share_with_nobody(key_file);
    CHECK(errors.lines[OSSCB_LOG_WARNING] == 0 && errors.lines[OSSCB_LOG_INFORMATION] == 0);

    ANSWERS(OSSCB_OK, osscb_set_log(NULL, &none, OSSCB_LOG_INFORMATION));
    share_with_nobody(key_file);
    CHECK(none.lines[OSSCB_LOG_ERROR] + none.lines[OSSCB_LOG_WARNING] + none.lines[OSSCB_LOG_INFORMATION] == 0);
    CHECK(all.odd + errors.odd + none.odd == 0);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    resuming();
    many_threads();
    logging(argv[1]);
    return check_failures != 0;
}
