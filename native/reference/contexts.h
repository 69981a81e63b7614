#ifndef OSR_CONTEXTS_H
#define OSR_CONTEXTS_H

#include <openssl/ssl.h>

#include "export.h"

/*
 * Contexts that need nothing from outside. Self-signed certificates are made in memory once for a process,
 * so a session moves freely between two contexts that were made with equal arguments.
 *
 * tls_version (TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION) is both the lowest and the highest; 0 allows
 * every version of TLS. The caller owns the result. NULL on failure, see osr_last_error.
 */

/*
 * key_kind is "p256" or "rsa2048". With mtls the server demands a certificate, trusts the one that
 * osr_client_ctx shows, and has the session id context "osr", which libssl requires for resumption then.
 * Without it the session id context stays empty. All else, cache mode and tickets too, is libssl's default.
 */
OSR_API SSL_CTX *osr_server_ctx(int tls_version, const char *key_kind, int mtls);

/* Verifies nothing: these clients are here for what the server does. */
OSR_API SSL_CTX *osr_client_ctx(int tls_version, int with_client_cert);

/*
 * What a shared cache needs of a server: no internal cache (SSL_SESS_CACHE_SERVER | _NO_INTERNAL), and
 * SSL_OP_NO_TICKET, without which the get callback is never asked.
 */
OSR_API void osr_ctx_external_sessions(SSL_CTX *server);

/* The client's certificate must have this name on one connection of a server, as stunnel's checkHost has it. 0: memory is short. */
OSR_API int osr_demand_client_name(SSL *server, const char *name);

/* As a callback does that chooses the certificate (SSL_CTX_set_cert_cb): one connection of a server shows that of another context. */
OSR_API int osr_show_certificate_of(SSL *server, const SSL_CTX *other);

#endif
