#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "guards.h"

static void (*log_function)(int level, const char *text, void *argument);
static void *log_argument;

void runtime_log_to(void (*log)(int level, const char *text, void *argument), void *argument)
{
    log_argument = argument;
    log_function = log;
}

void runtime_say(int level, const char *format, ...)
{
    char text[768];
    va_list arguments;

    if (log_function == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_function(level, text, log_argument);
}
