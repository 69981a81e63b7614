#ifndef OSR_SERVER_CLOCK_H
#define OSR_SERVER_CLOCK_H

#include <stdint.h>

#include "export.h"

#define OSR_CLOCK_THREAD_CPU 0 /* the default: what this thread spent, without what others took from it */
#define OSR_CLOCK_MONOTONIC 1  /* cheaper to read, but counts the time in which the thread was not running */

/* Chooses, for the process, the clock that every pair made afterwards or before is timed with. */
OSR_API void osr_use_clock(int clock);

/* What reading the chosen clock once costs: each server step is that much too long. */
OSR_API uint64_t osr_clock_cost_ns(void);

uint64_t osr_clock_now(void);

#endif
