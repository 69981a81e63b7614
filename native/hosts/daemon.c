/*
 * Plays a daemon of the old school: it makes its context, forks twice, starts a session of its own, goes to / and closes every file that it
 * knows nothing of, with what follows from that for stderr:
 *
 *     daemon CERTIFICATE KEY CONNECTIONS REPORT closed|socket|null|LOGFILE
 *
 * closed: it stays closed. socket: the next things that it opens are sockets, and one gets stderr's number. LOGFILE: its own log is
 * opened as stderr, as nginx does. Ends after so many connections, and says in the file REPORT what came out of that socket, and
 * what stderr is.
 */
#define _GNU_SOURCE
#include "host.h"

#include <fcntl.h>

int main(int argc, char **argv)
{
    int listener, report, first[2], second[2], served = 0;
    char out[1024], link[256];
    ssize_t length, linked;
    SSL_CTX *context;

    if (argc < 6)
        return 2;
    context = make_context(argv[1], argv[2], NULL);
    listener = dup2(listen_somewhere(), 900);
    if (fork() != 0)
        _exit(0);
    setsid();
    if (fork() != 0)
        _exit(0);
    alarm(60);
    if (chdir("/") != 0)
        fail("chdir");
    for (int fd = 0; fd < 1024; fd++)
        if (fd != listener)
            close(fd);
    if (strcmp(argv[5], "socket") == 0) {
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, first) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, second) != 0
            || second[0] != STDERR_FILENO)
            return 3;
    } else if (strcmp(argv[5], "null") == 0) {
        if (open("/dev/null", O_RDWR) != 0 || dup(0) != 1 || dup(0) != 2)
            return 3;
    } else if (strcmp(argv[5], "closed") != 0
               && (open("/dev/null", O_RDWR) != 0 || dup(0) != 1 || open(argv[5], O_WRONLY | O_APPEND | O_CREAT, 0600) != STDERR_FILENO)) {
        return 3;
    }

    while (served < atoi(argv[3]))
        served += serve(context, accept_one(listener));
    report = open(argv[4], O_WRONLY | O_CREAT | O_APPEND, 0600);
    length = strcmp(argv[5], "socket") == 0 ? recv(second[1], out, sizeof out, MSG_DONTWAIT) : 0;
    linked = readlink("/proc/self/fd/2", link, sizeof link - 1);
    dprintf(report, "%ld bytes, stderr is %.*s\n",
            length < 0 ? 0L : (long)length, linked < 0 ? 6 : (int)linked, linked < 0 ? "closed" : link);
    SSL_CTX_free(context);
    return 0;
}
