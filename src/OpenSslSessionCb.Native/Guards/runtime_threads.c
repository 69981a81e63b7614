/*
 * Threads of the runtime live in a host that may count on having none but its own. They take no signal that a host sends to itself
 * or is sent (a host that takes SIGTERM with sigwait has it blocked in all its threads: one that has not would take it, and end the
 * process), they have stacks of a size that is ours to say, and a host's thread that ends in a forked child is not taken leave of.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "guards.h"

enum { MOST_THREADS = 512 };

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument);
int __real_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));

typedef struct {
    void *(*start)(void *);
    void *argument;
} beginning;

/* A thread that finds no place is taken for a host's: it is left alone more than it must. */
static _Atomic pthread_t runtimes[MOST_THREADS];
static _Thread_local int place = -1;

int threads_is_runtimes(pthread_t thread)
{
    for (int i = 0; i < MOST_THREADS; i++)
        if (atomic_load_explicit(&runtimes[i], memory_order_relaxed) == thread)
            return 1;
    return 0;
}

void threads_enter_runtime(void)
{
    for (int i = 0; i < MOST_THREADS; i++) {
        pthread_t nobody = 0;

        if (atomic_compare_exchange_strong(&runtimes[i], &nobody, pthread_self())) {
            place = i;
            return;
        }
    }
}

void threads_leave_runtime(void)
{
    if (place >= 0)
        atomic_store(&runtimes[place], 0);
    place = -1;
}

static void *begin(void *argument)
{
    beginning beginning_of = *(beginning *)argument;
    void *result;

    free(argument);
    threads_enter_runtime();
    result = beginning_of.start(beginning_of.argument);
    threads_leave_runtime();
    return result;
}

/* A thread has the signal mask of the one that makes it. That may be a host's, in a callback. */
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    beginning *beginning_of = malloc(sizeof *beginning_of);
    sigset_t before;
    int result;

    if (beginning_of == NULL)
        return EAGAIN;
    beginning_of->start = start;
    beginning_of->argument = argument;
    signals_block(&before);
    result = __real_pthread_create(thread, attributes, begin, beginning_of);
    signals_restore(&before);
    if (result != 0)
        free(beginning_of);
    return result;
}

static void (*take_leave)(void *);

static void thread_ends(void *thread)
{
    if (process_state() != PROCESS_FORKED)
        take_leave(thread);
}

/* The runtime has one key, whose destructor takes leave of a thread: for that it waits for a lock. */
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    if (destructor == NULL || take_leave != NULL)
        return __real_pthread_key_create(key, destructor);
    take_leave = destructor;
    return __real_pthread_key_create(key, thread_ends);
}
