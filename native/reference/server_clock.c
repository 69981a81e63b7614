#include "server_clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic(clockid_t) chosen = CLOCK_THREAD_CPUTIME_ID;

void osr_use_clock(int clock)
{
    chosen = clock == OSR_CLOCK_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
}

uint64_t osr_clock_now(void)
{
    struct timespec now;

    clock_gettime(chosen, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t osr_clock_cost_ns(void)
{
    enum { READS = 10000 };
    uint64_t start = osr_clock_now();

    for (int i = 0; i < READS; i++)
        osr_clock_now();
    return (osr_clock_now() - start) / READS;
}
