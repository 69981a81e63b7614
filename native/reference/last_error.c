#include "last_error.h"

#include <stdio.h>

#include <openssl/err.h>

static _Thread_local char last_error[256];

const char *osr_last_error(void)
{
    return last_error;
}

void osr_note_error(const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

    snprintf(last_error, sizeof last_error, reason != NULL ? "%s: %s" : "%s", what, reason);
    ERR_clear_error();
}
