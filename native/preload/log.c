#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "settings.h"

enum { LONGEST_LINE = 1024 };

static struct stat stderr_at_start;
static int has_stderr;

void log_remember_stderr(void)
{
    has_stderr = fstat(STDERR_FILENO, &stderr_at_start) == 0;
}

/*
 * A server that daemonizes closes it, and the next file or socket that it opens may get its number: that is not to be written to.
 * One that puts its own log there, as nginx does, means us too: such a file is appended to.
 */
static int is_stderr_there(void)
{
    struct stat now;

    if (fstat(STDERR_FILENO, &now) != 0)
        return 0;
    if (has_stderr && now.st_dev == stderr_at_start.st_dev && now.st_ino == stderr_at_start.st_ino)
        return 1;
    return S_ISREG(now.st_mode) && (fcntl(STDERR_FILENO, F_GETFL) & O_APPEND) != 0;
}

/* Not to a pipe that is full, which would hold up the server; nor is it to be told that nobody reads it. */
static void write_to(int fd, const char *line, size_t length)
{
    struct pollfd room = {fd, POLLOUT, 0};
    struct timespec none = {0, 0};
    sigset_t pipe, before, pending;

    if (poll(&room, 1, 0) != 1)
        return;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    if (write(fd, line, length) < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe, NULL, &none);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/*
 * Opened for each line: a server may close what it has not opened itself, and rotate its logs. A file that this user cannot
 * write to is as good as none.
 */
static void write_line(const char *line, size_t length)
{
    int is_file = settings.log != NULL && strcmp(settings.log, "stderr") != 0;
    int fd = is_file ? open(settings.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640) : -1;

    if (fd >= 0) {
        write_to(fd, line, length);
        close(fd);
    } else if (is_stderr_there()) {
        write_to(STDERR_FILENO, line, length);
    }
}

void log_line(int level, const char *format, ...)
{
    char line[LONGEST_LINE];
    int saved = errno, cancellation, prefix, text;
    va_list arguments;

    if (settings.log_level != 0 && level > settings.log_level)
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
    prefix = snprintf(line, sizeof line, "opensslsessioncb[%ld]: ", (long)getpid());
    va_start(arguments, format);
    text = vsnprintf(line + prefix, sizeof line - (size_t)prefix - 1, format, arguments);
    va_end(arguments);
    if (text >= 0) {
        size_t length = strlen(line);

        line[length] = '\n';
        write_line(line, length + 1);
    }
    pthread_setcancelstate(cancellation, NULL);
    errno = saved;
}

void log_text(int level, const char *text, void *unused)
{
    (void)unused;
    log_line(level, "%s", text);
}
