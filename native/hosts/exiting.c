/*
 * Plays a server that is stopped while it is busy: threads shake hands all the time, and main calls exit.
 *
 *     exiting CERTIFICATE KEY THREADS busy|idle
 *
 * busy: the threads go on while the process ends, so libcrypto is told not to clean up (it would take from under them what they
 * work with). idle: they have ended, and libcrypto cleans up as it does by default. Says when it has shaken hands a while, and
 * exits with 42 at the next byte of its input.
 */
#include "host.h"

#include <pthread.h>
#include <stdatomic.h>

static SSL_CTX *context, *clients;
static atomic_int handshakes, stopping;

static void *shake_hands(void *unused)
{
    while (!atomic_load(&stopping)) {
        shake_hands_in_memory(context, clients);
        atomic_fetch_add(&handshakes, 1);
    }
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t thread[16];
    int threads = argc < 5 ? 0 : atoi(argv[3]);
    int busy = threads > 0 && strcmp(argv[4], "busy") == 0;
    char byte;

    if (threads < 1 || threads > 16)
        return 2;
    if (busy)
        OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL);
    context = make_context(argv[1], argv[2], NULL);
    clients = SSL_CTX_new(TLS_client_method());
    for (int i = 0; i < threads; i++)
        if (pthread_create(&thread[i], NULL, shake_hands, NULL) != 0)
            fail("no thread");
    while (atomic_load(&handshakes) < 100)
        usleep(1000);
    say("busy");
    if (read(STDIN_FILENO, &byte, 1) < 0)
        return 3;
    atomic_store(&stopping, !busy);
    for (int i = 0; i < threads && !busy; i++)
        pthread_join(thread[i], NULL);
    exit(42);
}
