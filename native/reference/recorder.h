#ifndef OSR_RECORDER_H
#define OSR_RECORDER_H

#include <stddef.h>

#include <openssl/ssl.h>

/* Writes the lines that transcript.h describes. It does not lock: session_cache.c does. */
typedef struct osr_name osr_name;

typedef struct {
    int on;
    char *text;
    size_t length, capacity;
    osr_name *names;
    size_t name_count, name_capacity;
} osr_recorder;

void osr_recorder_new(osr_recorder *recorder, SSL *ssl, SSL_SESSION *session);
void osr_recorder_get(osr_recorder *recorder, const unsigned char *id, unsigned int id_length, int hit);
void osr_recorder_remove(osr_recorder *recorder, SSL_SESSION *session);
void osr_recorder_clear(osr_recorder *recorder);

#endif
