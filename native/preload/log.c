#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"

enum { LONGEST_LINE = 1024 };

/* Opened for each line: a server may close what it has not opened itself, and rotate its logs. */
static void write_line(const char *line, size_t length)
{
    int to_file = settings.log != NULL && strcmp(settings.log, "stderr") != 0;
    int fd = to_file ? open(settings.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640) : STDERR_FILENO;

    if (fd < 0)
        return;
    if (write(fd, line, length) < 0) {
        /* There is nobody to tell. */
    }
    if (to_file)
        close(fd);
}

void log_line(int level, const char *format, ...)
{
    char line[LONGEST_LINE];
    int saved = errno, prefix, text;
    va_list arguments;

    if (settings.log_level != 0 && level > settings.log_level)
        return;
    prefix = snprintf(line, sizeof line, "opensslsessioncb[%ld]: ", (long)getpid());
    va_start(arguments, format);
    text = vsnprintf(line + prefix, sizeof line - (size_t)prefix - 1, format, arguments);
    va_end(arguments);
    if (text >= 0) {
        size_t length = strlen(line);

        line[length] = '\n';
        write_line(line, length + 1);
    }
    errno = saved;
}

void log_text(int level, const char *text, void *unused)
{
    (void)unused;
    log_line(level, "%s", text);
}
