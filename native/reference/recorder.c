#include "recorder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct osr_name {
    unsigned int id_length;
    unsigned char id[SSL_MAX_SSL_SESSION_ID_LENGTH];
    char kind; /* 's' or '?' */
};

/* A transcript that lost a line would be compared as if it were whole, so running out of memory ends the test. */
static void *grow(void *block, size_t needed, size_t *capacity, size_t item)
{
    if (needed <= *capacity)
        return block;

    *capacity = needed * 2;
    block = realloc(block, *capacity * item);
    if (block == NULL)
        abort();
    return block;
}

static size_t number(osr_recorder *recorder, const unsigned char *id, unsigned int id_length, char kind)
{
    osr_name *name;

    for (size_t i = 0; i < recorder->name_count; i++) {
        name = &recorder->names[i];
        if (name->id_length == id_length && memcmp(name->id, id, id_length) == 0)
            return i + 1;
    }

    recorder->names = grow(recorder->names, recorder->name_count + 1, &recorder->name_capacity, sizeof *name);
    name = &recorder->names[recorder->name_count++];
    name->id_length = id_length;
    memcpy(name->id, id, id_length);
    name->kind = kind;
    return recorder->name_count;
}

__attribute__((format(printf, 2, 3))) static void append(osr_recorder *recorder, const char *format, ...)
{
    char piece[128];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);

    recorder->text = grow(recorder->text, recorder->length + (size_t)length, &recorder->capacity, 1);
    memcpy(recorder->text + recorder->length, piece, (size_t)length);
    recorder->length += (size_t)length;
}

static void append_subject(osr_recorder *recorder, const char *callback, const unsigned char *id,
                           unsigned int id_length, char kind)
{
    size_t n;

    if (id_length == 0) {
        append(recorder, "%s -", callback);
        return;
    }

    n = number(recorder, id, id_length, kind);
    append(recorder, "%s %c%zu", callback, recorder->names[n - 1].kind, n);
}

void osr_recorder_new(osr_recorder *recorder, SSL *ssl, SSL_SESSION *session)
{
    unsigned int id_length;
    const unsigned char *id = SSL_SESSION_get_id(session, &id_length);

    if (!recorder->on)
        return;
    append_subject(recorder, "new", id, id_length, 's');
    append(recorder, " in_init=%d reused=%d version=%04x\n", SSL_in_init(ssl) != 0, SSL_session_reused(ssl) != 0,
           (unsigned int)SSL_SESSION_get_protocol_version(session));
}

void osr_recorder_get(osr_recorder *recorder, const unsigned char *id, unsigned int id_length, int hit)
{
    if (!recorder->on)
        return;
    append_subject(recorder, "get", id, id_length, '?');
    append(recorder, " len=%u %s\n", id_length, hit ? "hit" : "miss");
}

void osr_recorder_remove(osr_recorder *recorder, SSL_SESSION *session)
{
    unsigned int id_length;
    const unsigned char *id = SSL_SESSION_get_id(session, &id_length);

    if (!recorder->on)
        return;
    append_subject(recorder, "remove", id, id_length, '?');
    append(recorder, " resumable=%d\n", SSL_SESSION_is_resumable(session) != 0);
}

void osr_recorder_clear(osr_recorder *recorder)
{
    free(recorder->text);
    free(recorder->names);
    *recorder = (osr_recorder){ .on = recorder->on };
}
