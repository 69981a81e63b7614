#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guards.h"

static atomic_int state = PROCESS_NOT_STARTED;

/* 1 in the process that has begun a start, and 0 in what is forked from it: the kernel wipes the page, also where no handler of pthread_atfork runs. */
static atomic_int without_page;
static atomic_int *_Atomic alive = &without_page;

int process_state(void)
{
    int current = atomic_load_explicit(&state, memory_order_acquire);

    if ((current == PROCESS_STARTING || current == PROCESS_READY) && atomic_load_explicit(atomic_load_explicit(&alive, memory_order_relaxed), memory_order_relaxed) == 0)
        return PROCESS_FORKED;
    return current;
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
    pthread_atfork(NULL, NULL, in_child);
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
