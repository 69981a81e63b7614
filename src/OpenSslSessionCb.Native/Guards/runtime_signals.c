/*
 * What the runtime would do to a host's signals, and what it may: it may handle a fault where the host leaves that to the kernel, and one
 * real-time signal of its own, by which it stops its own threads to collect garbage.
 *
 *   SIGSEGV, SIGFPE   a null reference and a division by zero are exceptions in .NET by way of a handler. A host that has a handler
 *                     keeps it, alone. Where the default is left, ours stands, and only for faults inside this library: any other
 *                     ends the process as it would.
 *   SIGPIPE           .NET ignores it for the whole process. Not here: its own threads have it blocked.
 *   SIGRTMIN          .NET's signal to stop a thread. Hosts use it too (timers); ours is one that nobody has taken when the runtime starts.
 *   all others        nothing.
 *
 * A host's thread is never sent a signal, and its mask never touched: in a callback it is stopped where it next enters or leaves .NET.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "guards.h"

/* Farther than programs that count from either end (HAProxy's watchdog has SIGRTMAX) are likely to come. */
enum { AWAY_FROM_MIN = 8, AWAY_FROM_MAX = 8 };

int __real_sigaction(int number, const struct sigaction *action, struct sigaction *before);
int __real_pthread_sigmask(int how, const sigset_t *set, sigset_t *before);
int __real_pthread_kill(pthread_t thread, int number);
int __real___libc_current_sigrtmin(void);

/* Where this library begins and ends: the linker knows. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

static void (*of_fault[2])(int, siginfo_t *, void *);

void signals_block(sigset_t *before)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGTRAP);
    sigdelset(&all, SIGABRT);
    __real_pthread_sigmask(SIG_SETMASK, &all, before);
}

void signals_restore(const sigset_t *before)
{
    __real_pthread_sigmask(SIG_SETMASK, before, NULL);
}

static int is_free(int number)
{
    struct sigaction action;

    return __real_sigaction(number, NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

/* SIGRTMIN is this function. The runtime asks several times, and is to be told the same. */
int __wrap___libc_current_sigrtmin(void)
{
    static int chosen;

    for (int number = __real___libc_current_sigrtmin() + AWAY_FROM_MIN; chosen == 0 && number <= SIGRTMAX - AWAY_FROM_MAX; number++)
        if (is_free(number))
            chosen = number;
    return chosen != 0 ? chosen : __real___libc_current_sigrtmin();
}

static int is_inside(const void *context)
{
#if defined __x86_64__
    uintptr_t at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined __aarch64__
    uintptr_t at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    uintptr_t at = 0;
    (void)context;
#endif
    return at >= (uintptr_t)__ehdr_start && at < (uintptr_t)_end;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    int saved = errno;

    if (is_inside(context) && info->si_code > 0 && process_state() != PROCESS_FORKED) {
        of_fault[number == SIGFPE](number, info, context);
    } else {
        struct sigaction nobodys = {.sa_handler = SIG_DFL};

        /* A fault comes again at once; what somebody has sent does not. */
        __real_sigaction(number, &nobodys, NULL);
        if (info->si_code <= 0)
            syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
    }
    errno = saved;
}

int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    struct sigaction ours = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};

    if (action == NULL || number == SIGRTMIN)
        return __real_sigaction(number, action, before);
    if ((number == SIGSEGV || number == SIGFPE) && (action->sa_flags & SA_SIGINFO) == 0 && action->sa_handler == SIG_DFL)
        return __real_sigaction(number, action, before);
    if (before != NULL && __real_sigaction(number, NULL, before) != 0)
        return -1;
    if ((number != SIGSEGV && number != SIGFPE) || !is_free(number))
        return 0;
    of_fault[number == SIGFPE] = action->sa_sigaction;
    return __real_sigaction(number, &ours, NULL);
}

/* Of SIGPIPE. */
__sighandler_t __wrap_signal(int number, __sighandler_t handler)
{
    (void)number, (void)handler;
    return SIG_DFL;
}

/* The runtime lets its signal through on every thread that enters it. */
int __wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *before)
{
    return __real_pthread_sigmask(how, threads_is_runtimes(pthread_self()) ? set : NULL, before);
}

/* EAGAIN is an answer that the runtime knows: it tries again, or sees that the thread has stopped by itself. */
int __wrap_pthread_kill(pthread_t thread, int number)
{
    return threads_is_runtimes(thread) ? __real_pthread_kill(thread, number) : EAGAIN;
}
