/*
 * Plays a server with a thread for each connection, as stunnel and many that grew by themselves have: the threads have little
 * stack, and end in every way that a thread can.
 *
 *     threads CERTIFICATE KEY STACK_KB return|exit|cancel|detached|measured [CLIENT_CA]
 *
 * cancel: main cancels the thread when the connection has been served, and while it is served as well if it takes long. measured:
 * one at a time, on a stack that is painted before, and the deepest that it was used is said.
 */
#define _GNU_SOURCE
#include "host.h"

#include <pthread.h>
#include <sys/mman.h>

enum { PAINT = 0xa5 };

static SSL_CTX *context, *clients;
static const char *ending;
static int whole;

static void *connection_thread(void *argument)
{
    serve(context, (int)(long)argument);
    if (strcmp(ending, "exit") == 0)
        pthread_exit(NULL);
    return NULL;
}

static void *cancelled_thread(void *unused)
{
    pthread_cancel(pthread_self());
    shake_hands_in_memory(context, clients);
    whole = 1;
    pthread_testcancel();
    return unused;
}

static void cancel(void)
{
    pthread_t thread;
    void *end;

    whole = 0;
    if (pthread_create(&thread, NULL, cancelled_thread, NULL) != 0 || pthread_join(thread, &end) != 0)
        fail("no thread");
    if (!whole || end != PTHREAD_CANCELED)
        say(whole ? "the thread was not cancelled" : "the thread was cancelled inside its handshake");
}

static void measure(size_t size, int connection)
{
    unsigned char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    size_t unused = 0;
    pthread_attr_t attributes;
    pthread_t thread;

    memset(stack, PAINT, size);
    pthread_attr_init(&attributes);
    if (stack == MAP_FAILED || pthread_attr_setstack(&attributes, stack, size) != 0
        || pthread_create(&thread, &attributes, connection_thread, (void *)(long)connection) != 0)
        fail("no thread");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    while (unused < size && stack[unused] == PAINT)
        unused++;
    say("stack: %zu bytes", size - unused);
    munmap(stack, size);
}

static void start(size_t size, int connection)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    if (pthread_attr_setstacksize(&attributes, size) != 0)
        fail("the stack size is not allowed");
    if (strcmp(ending, "detached") == 0)
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, connection_thread, (void *)(long)connection) != 0)
        fail("no thread");
    pthread_attr_destroy(&attributes);
    if (strcmp(ending, "detached") == 0)
        return;
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    size_t size;
    int listener;

    if (argc < 5)
        return 2;
    size = (size_t)atoi(argv[3]) * 1024;
    ending = argv[4];
    context = make_context(argv[1], argv[2], argc > 5 ? argv[5] : NULL);
    clients = SSL_CTX_new(TLS_client_method());
    listener = listen_somewhere();
    for (;;) {
        int connection = accept_one(listener);

        if (strcmp(ending, "cancel") == 0)
            cancel();
        if (strcmp(ending, "measured") == 0)
            measure(size, connection);
        else
            start(size, connection);
    }
}
