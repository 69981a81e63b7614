#ifndef OSR_TLS_PAIR_H
#define OSR_TLS_PAIR_H

#include <stdint.h>

#include <openssl/ssl.h>

#include "export.h"

/* One connection between a server and a client in this process, over memory, driven by the calling thread. */
typedef struct osr_pair osr_pair;

/*
 * The client offers a copy of `offer` (NULL: nothing), so whatever becomes of this connection, the caller's
 * session can be offered again. DTLS or TLS, as the contexts say. NULL on failure, see osr_last_error.
 */
OSR_API osr_pair *osr_pair_new(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *offer);

/* Frees what osr_pair_close left. A server that sent no close_notify gives up its session here. */
OSR_API void osr_pair_free(osr_pair *pair);

/*
 * The following answer 1 if all went as described, and 0 if not: see osr_pair_error.
 */

/*
 * Drives both ends until both have finished, or no end can go on. SSL_ERROR_WANT_CLIENT_HELLO_CB is tried
 * again at once, for up to ten seconds. After a failure the other end has still read the alert.
 */
OSR_API int osr_pair_handshake(osr_pair *pair);

/* One byte to the client, which thereby reads the TLS 1.3 tickets too, and one byte to the server. */
OSR_API int osr_pair_exchange(osr_pair *pair);

#define OSR_CLOSE_NOTIFY 0         /* both ends send close_notify, and the server reads the client's */
#define OSR_CLOSE_NONE 1           /* the server is freed without a word; osr_pair_server is NULL afterwards */
#define OSR_CLOSE_EOF 2            /* the transport ends at the server, which reads that */
#define OSR_CLOSE_ALERT_SENT 3     /* the server reads a corrupt record and sends a fatal alert */
#define OSR_CLOSE_ALERT_RECEIVED 4 /* the server reads a fatal alert, because the client read a corrupt record */

/*
 * Once for a pair, after a handshake. The two alerts cannot be had over DTLS, where what does not decrypt is
 * dropped: 0. Between them only OSR_CLOSE_NOTIFY sends close_notify.
 */
OSR_API int osr_pair_close(osr_pair *pair, int how);

/* Borrowed, for as long as the pair lives. */
OSR_API SSL *osr_pair_server(osr_pair *pair);
OSR_API SSL *osr_pair_client(osr_pair *pair);

/*
 * A copy of the client's current session (in TLS 1.3: of the newest ticket), which the caller owns. A copy,
 * because a bad close marks the client's own object as not resumable. NULL if there is none.
 */
OSR_API SSL_SESSION *osr_pair_client_session(osr_pair *pair);

/* Time spent inside the server's SSL_do_handshake, SSL_read, SSL_write and SSL_shutdown (see server_clock.h). */
OSR_API uint64_t osr_pair_server_cpu_ns(const osr_pair *pair);

/* Why the last function on this pair answered 0; "" before. Borrowed, until the next failure. */
OSR_API const char *osr_pair_error(const osr_pair *pair);

#endif
