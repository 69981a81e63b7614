#ifndef OSSCB_TEST_TLS_PAIR_H
#define OSSCB_TEST_TLS_PAIR_H

#include <openssl/ssl.h>

/* A server's context with a certificate of its own making. */
SSL_CTX *tls_server(void);

/*
 * Shakes hands in memory, and closes cleanly. Offers *session, if there is one, and leaves the newest that the server gave there,
 * the caller's to free. Answers 1: resumed, 0: full, -1: it failed.
 */
int tls_connect(SSL_CTX *server, int version, SSL_SESSION **session);

#endif
