/* What the programs here check with: each says what was not as expected, and ends with 1 if anything was not. */
#ifndef OSSCB_TEST_CHECK_H
#define OSSCB_TEST_CHECK_H

#include <stdio.h>
#include <string.h>

#include "openssl_session_cb.h"

/* Threads check too. */
static _Atomic int check_failures;

#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __LINE__)

/* A call that is to answer a status; a failure leaves one sentence, and success none. */
#define ANSWERS(status, call) check_status((status), (call), #call, __LINE__)

static inline void check_that(int holds, const char *what, int line)
{
    if (!holds) {
        printf("line %d: not so: %s\n", line, what);
        check_failures++;
    }
}

static inline void check_status(int expected, int status, const char *call, int line)
{
    const char *sentence = osscb_last_error();

    if (status != expected) {
        printf("line %d: %s answered %d, not %d: %s\n", line, call, status, expected, sentence);
        check_failures++;
    }
    if ((status == OSSCB_OK) != (*sentence == '\0') || strchr(sentence, '\n') != NULL) {
        printf("line %d: after %s answered %d the sentence is \"%s\"\n", line, call, status, sentence);
        check_failures++;
    }
}

#endif
