#ifndef OSR_BENCH_H
#define OSR_BENCH_H

#include <stdint.h>

#include <openssl/ssl.h>

#include "export.h"

/*
 * Makes `iterations` connections one after the other, each with a handshake, an exchange and a proper close,
 * and writes what each cost the server, in ns, to server_ns[0 .. iterations-1]: SSL_do_handshake, SSL_read,
 * SSL_write and SSL_shutdown, without SSL_new and SSL_free.
 *
 * With resumed, a full handshake comes first, which is not measured, and each connection offers the session of
 * the one before (TLS 1.3: the newest ticket). *reused_count counts the connections that did resume.
 *
 * Nothing is kept between calls, so that a caller can alternate between two servers in short slices.
 * Answers how many connections were made: fewer than `iterations` means a failure, see osr_last_error.
 */
OSR_API int osr_bench(SSL_CTX *server, SSL_CTX *client, int resumed, int iterations, uint64_t *server_ns,
                      int *reused_count);

#endif
