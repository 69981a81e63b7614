/*
 * A process that has opened a cache, and is full of threads that use it, forks: the child's calls are refused, its handshakes are
 * full, and it ends. Before that, a process that has opened none forks, and the child opens its own.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "tls_pair.h"

enum { THREADS = 4, FORKS = 20, CALLS = 2000, CHILD_SECONDS = 60 };

static osscb_cache *cache;
static SSL_CTX *ctx;
static atomic_int stop;

static void *keep_busy(void *unused)
{
    (void)unused;
    while (!stop) {
        osscb_statistics statistics = {.size = sizeof statistics};

        ANSWERS(OSSCB_OK, osscb_get_statistics(cache, &statistics));
    }
    return NULL;
}

static void child_of_a_busy_process(SSL_SESSION *session)
{
    osscb_statistics statistics = {.size = sizeof statistics};
    osscb_cache *another;

    /* So often that memory is used up for it: whatever waits for the threads that are gone, waits now. */
    for (int i = 0; i < CALLS; i++) {
        ANSWERS(OSSCB_ERROR_FORKED, osscb_open("memory", NULL, NULL, &another));
        CHECK(another == NULL);
        ANSWERS(OSSCB_ERROR_FORKED, osscb_open_with_deadline("memory", NULL, NULL, 10, &another));
        ANSWERS(OSSCB_ERROR_FORKED, osscb_attach(cache, ctx));
        ANSWERS(OSSCB_ERROR_FORKED, osscb_detach(cache, ctx));
        ANSWERS(OSSCB_ERROR_FORKED, osscb_get_statistics(cache, &statistics));
        ANSWERS(OSSCB_ERROR_FORKED, osscb_set_log(NULL, NULL, OSSCB_LOG_ERROR));
        ANSWERS(OSSCB_ERROR_FORKED, osscb_close(cache));
    }
    CHECK(strstr(osscb_last_error(), "forked") != NULL && *osscb_version() != '\0');
    CHECK(tls_connect(ctx, TLS1_2_VERSION, &session) == 0);
    CHECK(tls_connect(ctx, TLS1_3_VERSION, &session) == 0);
    SSL_CTX_free(ctx);
}

static void child_of_a_process_without_a_cache(void)
{
    SSL_SESSION *session = NULL;

    ANSWERS(OSSCB_OK, osscb_open("memory", NULL, NULL, &cache));
    ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
    CHECK(tls_connect(ctx, TLS1_3_VERSION, &session) == 0);
    CHECK(tls_connect(ctx, TLS1_3_VERSION, &session) == 1);
    ANSWERS(OSSCB_OK, osscb_close(cache));
    SSL_SESSION_free(session);
}

static void wait_for(pid_t child)
{
    int status;

    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    pthread_t threads[THREADS];
    SSL_SESSION *session = NULL;
    pid_t child;

    ctx = tls_server();
    child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        child_of_a_process_without_a_cache();
        exit(check_failures != 0);
    }
    wait_for(child);

    ANSWERS(OSSCB_OK, osscb_open("memory", NULL, NULL, &cache));
    ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
    CHECK(tls_connect(ctx, TLS1_2_VERSION, &session) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, keep_busy, NULL) == 0);
    for (int i = 0; i < FORKS; i++) {
        child = fork();
        if (child == 0) {
            /* Instead of hanging, it is killed by SIGALRM. */
            alarm(CHILD_SECONDS);
            check_failures = 0;
            child_of_a_busy_process(session);
            fflush(stdout);
            if (i % 2 == 0)
                exit(check_failures != 0);
            _exit(check_failures != 0);
        }
        wait_for(child);
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);

    /* The parent goes on as before. */
    CHECK(tls_connect(ctx, TLS1_2_VERSION, &session) == 1);
    ANSWERS(OSSCB_OK, osscb_close(cache));
    SSL_SESSION_free(session);
    SSL_CTX_free(ctx);
    return check_failures != 0;
}
