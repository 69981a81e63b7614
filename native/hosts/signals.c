/*
 * Plays a server that lives by its signals, in one of the ways that there are to:
 *
 *     signals CERTIFICATE KEY counting   handlers of its own for all that can be handled, crash signals on a stack of their
 *                                        own; it faults, and jumps out
 *     signals CERTIFICATE KEY default    none; then it does what the next argument says: fault, kill SIGSEGV, or write to a closed pipe
 *     signals CERTIFICATE KEY sigwait    everything blocked in all its threads, and taken by one
 *     signals CERTIFICATE KEY signalfd   the same, and read from a file
 *     signals CERTIFICATE KEY dedicated  everything blocked but in one thread, whose handlers count, and which speaks TLS too
 *
 * Before that it shakes hands in two threads, and says which signals are handled otherwise since, and whose mask has changed.
 */
#define _GNU_SOURCE
#include "host.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { HANDSHAKES = 100, QUEUED = 500 };

static SSL_CTX *context, *clients;
static atomic_int counted[NSIG], by_strangers, our_threads, handshakes, stopping;
static sigjmp_buf out;
static _Thread_local int is_ours;

static void shake_hands(int times)
{
    for (int i = 0; i < times && !atomic_load(&stopping); i++) {
        shake_hands_in_memory(context, clients);
        atomic_fetch_add(&handshakes, 1);
    }
}

static void mask_is_as_before(const sigset_t *before)
{
    sigset_t now;

    pthread_sigmask(SIG_SETMASK, NULL, &now);
    for (int i = 1; i < NSIG; i++)
        if (sigismember(&now, i) != sigismember(before, i))
            say("the mask has changed: %d", i);
}

static void *shake_hands_on_thread(void *times)
{
    sigset_t before;

    is_ours = 1;
    atomic_fetch_add(&our_threads, 1);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    shake_hands((int)(long)times);
    mask_is_as_before(&before);
    return NULL;
}

static void shake_hands_in_two_threads(void)
{
    struct sigaction before[NSIG], after;
    pthread_t thread;

    for (int i = 1; i < NSIG; i++)
        sigaction(i, NULL, &before[i]);
    pthread_create(&thread, NULL, shake_hands_on_thread, (void *)HANDSHAKES);
    shake_hands_on_thread((void *)HANDSHAKES);
    pthread_join(thread, NULL);
    for (int i = 1; i < NSIG; i++)
        if (sigaction(i, NULL, &after) == 0 && (after.sa_handler != before[i].sa_handler || after.sa_flags != before[i].sa_flags))
            say("handled otherwise: %d", i);
    say("compared");
}

static void on_signal(int number)
{
    atomic_fetch_add(&counted[number], 1);
    if (!is_ours)
        atomic_fetch_add(&by_strangers, 1);
}

static void on_fault(int number)
{
    atomic_fetch_add(&counted[number], 1);
    siglongjmp(out, number);
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigaction(number, &action, NULL);
}

static void fault(int number)
{
    static volatile int zero;
    char *beyond;

    switch (sigsetjmp(out, 1) == 0 ? number : 0) {
    case SIGSEGV:
        *(volatile int *)(long)zero = 1;
        break;
    case SIGFPE:
#ifdef __x86_64__
        zero = 12345 / zero;
#else
        raise(number);
#endif
        break;
    case SIGILL:
#ifdef __x86_64__
        __asm__ volatile("ud2");
#else
        raise(number);
#endif
        break;
    case SIGBUS:
        beyond = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(tmpfile()), 0);
        zero = *beyond;
        break;
    case SIGABRT:
        abort();
    }
}

static void count(void)
{
    static const int sent[] = {
        SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT, SIGCONT, SIGWINCH, SIGALRM, SIGURG, SIGIO, SIGTSTP, SIGVTALRM,
        SIGPROF, SIGSYS, SIGTRAP,
    };
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    int pipe_ends[2];
    pthread_t busy;

    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
        handle(sent[i], on_signal, SA_RESTART);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        handle(faults[i], on_fault, SA_ONSTACK);
    handle(SIGCHLD, on_signal, SA_RESTART);
    for (int i = SIGRTMIN; i < SIGRTMIN + 4; i++)
        handle(i, on_signal, SA_RESTART);
    shake_hands_in_two_threads();

    atomic_store(&our_threads, 0);
    pthread_create(&busy, NULL, shake_hands_on_thread, (void *)1000000L);
    while (atomic_load(&our_threads) == 0)
        usleep(1000);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
        kill(getpid(), sent[i]);
    if (fork() == 0)
        _exit(0);
    while (wait(NULL) < 0 && errno == EINTR) {
    }
    if (pipe(pipe_ends) == 0 && close(pipe_ends[0]) == 0 && write(pipe_ends[1], "x", 1) < 0 && errno != EPIPE)
        say("no EPIPE");
    for (int i = 0; i < QUEUED; i++)
        while (sigqueue(getpid(), SIGRTMIN, (union sigval){0}) != 0)
            usleep(1000);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        fault(faults[i]);
    for (int i = 0; i < 10000 && atomic_load(&counted[SIGRTMIN]) < QUEUED; i++)
        usleep(1000);
    atomic_store(&stopping, 1);
    pthread_join(busy, NULL);
    for (int i = 1; i < NSIG; i++)
        if (atomic_load(&counted[i]) > 0)
            say("%d: %d", i, atomic_load(&counted[i]));
    say("by strangers: %d", atomic_load(&by_strangers));
}

static void *serve_and_count(void *unused)
{
    sigset_t none;

    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    shake_hands_on_thread((void *)1000000L);
    return unused;
}

static void dedicate(void)
{
    pthread_t dedicated;
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    handle(SIGRTMIN, on_signal, SA_RESTART);
    pthread_create(&dedicated, NULL, serve_and_count, NULL);
    while (atomic_load(&handshakes) < HANDSHAKES)
        usleep(1000);
    for (int i = 0; i < QUEUED; i++)
        while (sigqueue(getpid(), SIGRTMIN, (union sigval){0}) != 0)
            usleep(1000);
    for (int i = 0; i < 10000 && atomic_load(&counted[SIGRTMIN]) < QUEUED; i++)
        usleep(1000);
    atomic_store(&stopping, 1);
    pthread_join(dedicated, NULL);
    say("%d: %d, by strangers: %d", SIGRTMIN, atomic_load(&counted[SIGRTMIN]), atomic_load(&by_strangers));
}

static void do_as_told(const char *what)
{
    int ends[2];

    if (strcmp(what, "fault") == 0)
        fault(SIGSEGV);
    else if (strcmp(what, "kill") == 0)
        kill(getpid(), SIGSEGV);
    else if (strcmp(what, "pipe") == 0 && pipe(ends) == 0 && close(ends[0]) == 0 && write(ends[1], "x", 1) < 0)
        say("it was not told");
    usleep(100000);
    say("it lives on");
}

static void *keep_shaking_hands(void *unused)
{
    shake_hands(1000000);
    return unused;
}

static void take(int from_file)
{
    pthread_t thread;
    sigset_t all;
    int number = 0, file;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    shake_hands_in_two_threads();
    for (int i = 0; i < 2; i++)
        pthread_create(&thread, NULL, keep_shaking_hands, NULL);
    file = from_file ? signalfd(-1, &all, SFD_CLOEXEC) : -1;
    say("ready");
    while (number != SIGTERM) {
        struct signalfd_siginfo info;

        if (!from_file)
            sigwait(&all, &number);
        else if (read(file, &info, sizeof info) == sizeof info)
            number = (int)info.ssi_signo;
        say("took %d", number);
    }
    atomic_store(&stopping, 1);
    _exit(5);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    /* Whoever starts this may ignore it, and that is inherited. */
    handle(SIGPIPE, SIG_DFL, 0);
    context = make_context(argv[1], argv[2], NULL);
    clients = SSL_CTX_new(TLS_client_method());
    is_ours = 1;
    if (strcmp(argv[3], "counting") == 0) {
        count();
    } else if (strcmp(argv[3], "default") == 0) {
        shake_hands_in_two_threads();
        do_as_told(argc > 4 ? argv[4] : "");
    } else if (strcmp(argv[3], "dedicated") == 0) {
        dedicate();
    } else {
        take(strcmp(argv[3], "signalfd") == 0);
    }
    return 0;
}
