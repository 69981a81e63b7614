#ifndef OSR_WIRE_H
#define OSR_WIRE_H

#include <stddef.h>

#include <openssl/bio.h>

/*
 * Two ends joined by memory, nothing lost and nothing reordered. Each end is one BIO, for reading and writing.
 * With datagrams, one read gives what one write put in, as DTLS needs.
 */
typedef struct osr_wire osr_wire;

enum osr_end { OSR_SERVER_END, OSR_CLIENT_END };

osr_wire *osr_wire_new(int datagrams);
/* After both BIOs. */
void osr_wire_free(osr_wire *wire);

BIO *osr_wire_bio(osr_wire *wire, enum osr_end end);

/* What waits to be read at this end, in bytes. */
size_t osr_wire_waiting(const osr_wire *wire, enum osr_end end);

/* Puts bytes before this end that the other one did not send. */
void osr_wire_inject(osr_wire *wire, enum osr_end end, const void *bytes, size_t length);

/* This end reads what waits, and then the end of the stream. */
void osr_wire_end_stream(osr_wire *wire, enum osr_end end);

#endif
