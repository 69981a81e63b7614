#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "guards.h"

enum { STACK_SIZE = 1024 * 1024 };

/* Whoever asks may have gone when it is done, and the other way round. */
typedef struct {
    pthread_mutex_t gate;
    pthread_cond_t is_done;
    int users, done, result;
    int (*function)(void *);
    void *argument;
} run;

static _Thread_local run *running;

static void let_go(run *of)
{
    int last = --of->users == 0;

    pthread_mutex_unlock(&of->gate);
    if (last) {
        pthread_cond_destroy(&of->is_done);
        pthread_mutex_destroy(&of->gate);
        free(of);
    }
}

static void finish(run *of, int result)
{
    pthread_mutex_lock(&of->gate);
    of->result = result;
    of->done = 1;
    pthread_cond_signal(&of->is_done);
    let_go(of);
}

static void *on_thread(void *argument)
{
    running = argument;
    finish(running, running->function(running->argument));
    return NULL;
}

/*
 * Of a thread that must not go on and cannot go back. It stays for as long as the process does: glibc counts on its threads
 * to be there or to leave properly.
 */
void runtime_give_up(void)
{
    if (running != NULL)
        finish(running, -1);
    for (;;)
        pause();
}

int runtime_run(int (*function)(void *), void *argument, int patience_ms)
{
    run *of = calloc(1, sizeof *of);
    pthread_condattr_t clock;
    pthread_attr_t attributes;
    struct timespec late;
    pthread_t thread;
    int failed, result;

    if (of == NULL)
        return -1;
    of->function = function;
    of->argument = argument;
    of->users = 2;
    pthread_mutex_init(&of->gate, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&of->is_done, &clock);
    pthread_condattr_destroy(&clock);
    clock_gettime(CLOCK_MONOTONIC, &late);
    late.tv_sec += (late.tv_nsec + patience_ms * 1000000LL) / 1000000000;
    late.tv_nsec = (late.tv_nsec + patience_ms * 1000000LL) % 1000000000;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    failed = pthread_create(&thread, &attributes, on_thread, of);
    pthread_attr_destroy(&attributes);

    pthread_mutex_lock(&of->gate);
    if (failed)
        of->users--;
    while (!failed && !of->done)
        failed = pthread_cond_timedwait(&of->is_done, &of->gate, &late);
    result = of->done ? of->result : -1;
    let_go(of);
    errno = failed;
    return result;
}
