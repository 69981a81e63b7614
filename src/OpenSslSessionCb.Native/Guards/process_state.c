#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "guards.h"

enum { FORK_PATIENCE_S = 1 };

static atomic_int state = PROCESS_NOT_STARTED;

/*
 * 1 in the process that has begun a start, and 0 in what is forked from it: the kernel wipes the page, also where no
 * handler of pthread_atfork runs.
 */
static atomic_int without_page;
static atomic_int *_Atomic alive = &without_page;

int process_state(void)
{
    int current = atomic_load_explicit(&state, memory_order_acquire);

    if ((current == PROCESS_STARTING || current == PROCESS_READY)
        && atomic_load_explicit(atomic_load_explicit(&alive, memory_order_relaxed), memory_order_relaxed) == 0)
        return PROCESS_FORKED;
    return current;
}

/*
 * Held by the runtime's threads while they are in libcrypto, whose locks a child has as they are. Not for ever: a host must
 * be able to fork.
 */
static pthread_mutex_t in_libcrypto = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static _Thread_local int is_held;

static void enter_libcrypto(void)
{
    pthread_mutex_lock(&in_libcrypto);
}

static void leave_libcrypto(void)
{
    pthread_mutex_unlock(&in_libcrypto);
}

void (*osscb_guards_enter_libcrypto(void))(void)
{
    return enter_libcrypto;
}

void (*osscb_guards_leave_libcrypto(void))(void)
{
    return leave_libcrypto;
}

static void before_fork(void)
{
    struct timespec late;

    clock_gettime(CLOCK_REALTIME, &late);
    late.tv_sec += FORK_PATIENCE_S;
    is_held = process_state() == PROCESS_READY && pthread_mutex_timedlock(&in_libcrypto, &late) == 0;
}

static void in_parent(void)
{
    if (is_held)
        pthread_mutex_unlock(&in_libcrypto);
    is_held = 0;
}

static void in_child(void)
{
    atomic_store(atomic_load(&alive), 0);
}

static void watch_for_fork(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page != MAP_FAILED && madvise(page, size, MADV_WIPEONFORK) == 0)
        atomic_store(&alive, page);
    pthread_atfork(before_fork, in_parent, in_child);
}

int process_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int expected = PROCESS_NOT_STARTED;

    if (atomic_load(&state) != PROCESS_NOT_STARTED)
        return 0;
    pthread_once(&once, watch_for_fork);
    atomic_store(atomic_load(&alive), 1);
    return atomic_compare_exchange_strong(&state, &expected, PROCESS_STARTING);
}

void process_begun(int begun)
{
    int expected = PROCESS_STARTING;

    atomic_compare_exchange_strong(&state, &expected, begun);
}

void process_end(void)
{
    atomic_store(&state, PROCESS_ENDED);
}
