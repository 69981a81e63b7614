/*
 * The border between a host in C and the .NET runtime inside this library. A runtime has threads, signals and a fatal end of its own; this
 * folder keeps each of them from the host. The linker sends what the runtime asks of libc through the __wrap_ functions here.
 */
#ifndef OSSCB_GUARDS_H
#define OSSCB_GUARDS_H

#include <pthread.h>
#include <signal.h>

#define EXPORT __attribute__((visibility("default")))

/* What has become of the runtime, as this process sees it. */
enum {
    PROCESS_NOT_STARTED,
    PROCESS_STARTING,
    PROCESS_READY,  /* .NET may be called */
    PROCESS_FAILED, /* it could not be started */
    PROCESS_FORKED, /* the process was forked since: its threads are not here, and whoever calls it may wait for them for ever */
    PROCESS_ENDED   /* exit has been called */
};

/* Cheap: asked in every callback. */
int process_state(void);

/* Before anything else of a start: what is forked from now on is PROCESS_FORKED. 0: another thread was first. */
int process_begin(void);

/* The start has come to this: PROCESS_READY or PROCESS_FAILED. */
void process_begun(int state);

void process_end(void);

/*
 * Starts the runtime, once, on a thread of its own, and waits for it a while; answers the state that this has come to. .NET's way
 * out of a start that fails is abort: that ends the thread, and not the host.
 */
int runtime_start(int patience_ms);

/* A sentence about a state that is not PROCESS_READY. Lives for ever. */
const char *runtime_why_not(int state);

/* Runs a function on a thread with stack enough and no signals; answers what it answers, or -1: it is late, or there is no thread. */
int runtime_run(int (*function)(void *), void *argument, int patience_ms);

/* For a thread that must not go on and cannot go back. Whoever has it run a function is answered -1. */
void runtime_give_up(void) __attribute__((noreturn));

enum { SAY_ERROR = 1, SAY_WARNING = 2 };

/* Where lines go that nobody can be given as an answer; NULL: nowhere. */
void runtime_log_to(void (*log)(int level, const char *text, void *argument), void *argument);
void runtime_say(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the runtime has made this thread. */
int threads_is_runtimes(pthread_t thread);

/* Blocks what a host may want to receive: everything but faults. */
void signals_block(sigset_t *before);
void signals_restore(const sigset_t *before);

/* No thread may be cancelled inside .NET, whose frames cannot be unwound so. */
#define WITHOUT_CANCELLATION(call)                                     \
    do {                                                               \
        int cancellation;                                              \
                                                                       \
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation); \
        call;                                                          \
        pthread_setcancelstate(cancellation, NULL);                    \
    } while (0)

#endif
