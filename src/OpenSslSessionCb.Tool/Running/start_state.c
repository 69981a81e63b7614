/*
 * Notes what signals the process was started with, before .NET changes them: sesscb run hands that on to the server. Linked into the
 * program that is compiled ahead of time; where dotnet runs it, StartState.cs makes do without.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_SIGNALS = 64 };

static uint64_t ignored, blocked;

__attribute__((constructor)) static void note(void)
{
    struct sigaction action;
    sigset_t mask;

    sigemptyset(&mask);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int signal = 1; signal <= MOST_SIGNALS; signal++) {
        uint64_t bit = (uint64_t)1 << (signal - 1);

        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            ignored |= bit;
        if (sigismember(&mask, signal) == 1)
            blocked |= bit;
    }
}

void osscb_start_state(uint64_t *ignored_then, uint64_t *blocked_then)
{
    *ignored_then = ignored;
    *blocked_then = blocked;
}
