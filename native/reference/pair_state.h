#ifndef OSR_PAIR_STATE_H
#define OSR_PAIR_STATE_H

#include "tls_pair.h"
#include "wire.h"

/* What tls_pair.c and pair_close.c share. */
struct osr_pair {
    SSL *server, *client;
    osr_wire *wire;
    uint64_t server_cpu_ns;
    char error[256];
};

typedef enum { OSR_HANDSHAKE, OSR_READ_BYTE, OSR_WRITE_BYTE, OSR_SHUTDOWN } osr_action;

/* One call into libssl, timed if the server makes it. Returns libssl's result; the error queue is fresh before. */
int osr_pair_act(osr_pair *pair, enum osr_end end, osr_action action);

/* Notes why `end` could not do `what`, given libssl's result, and returns 0. */
int osr_pair_fail(osr_pair *pair, enum osr_end end, const char *what, int result);

#endif
