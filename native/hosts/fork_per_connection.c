/*
 * Plays a server that forks a child for each connection, after it has spoken TLS itself: the first handshake is the parent's, and
 * so, here, is every one on its second port. The children do what children do: they free the context, and end.
 *
 *     fork_per_connection CERTIFICATE KEY exit|_exit|thread THREADS
 *
 * THREADS threads of the parent shake hands all the time, so that it is forked in the middle of that. thread: the child serves on a
 * thread of its own, and leaves main by pthread_exit.
 */
#include "host.h"

#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

static SSL_CTX *context, *clients;
static int connection;

static void *shake_hands(void *unused)
{
    for (;;)
        shake_hands_in_memory(context, clients);
    return unused;
}

static void *serve_and_exit(void *unused)
{
    serve(context, connection);
    exit(7);
    return unused;
}

int main(int argc, char **argv)
{
    struct pollfd listeners[2];
    int first = 1;

    if (argc < 5)
        return 2;
    context = make_context(argv[1], argv[2], NULL);
    clients = SSL_CTX_new(TLS_client_method());
    for (int i = 0; i < 2; i++) {
        listeners[i].fd = listen_somewhere();
        listeners[i].events = POLLIN;
    }
    for (;;) {
        pthread_t thread;
        int status;
        pid_t child;

        poll(listeners, 2, -1);
        connection = accept_one(listeners[(listeners[0].revents & POLLIN) == 0].fd);
        if (first || (listeners[0].revents & POLLIN) == 0) {
            if (!serve(context, connection) || !first)
                continue;
            first = 0;
            for (int i = 0; i < atoi(argv[4]); i++)
                if (pthread_create(&thread, NULL, shake_hands, NULL) != 0)
                    fail("no thread");
            continue;
        }
        child = fork();
        if (child == 0) {
            alarm(30);
            if (strcmp(argv[3], "thread") == 0) {
                pthread_create(&thread, NULL, serve_and_exit, NULL);
                pthread_exit(NULL);
            }
            serve(context, connection);
            SSL_CTX_free(context);
            if (strcmp(argv[3], "_exit") == 0)
                _exit(7);
            exit(7);
        }
        close(connection);
        if (waitpid(child, &status, 0) == child)
            say("child %ld %s %d", (long)child,
                WIFEXITED(status) ? "ended with" : "was killed by", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    }
}
