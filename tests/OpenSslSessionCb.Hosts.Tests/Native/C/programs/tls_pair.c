#include "tls_pair.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

static _Thread_local SSL_SESSION *newest;

static int keep(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    SSL_SESSION_free(newest);
    newest = session;
    return 1;
}

SSL_CTX *tls_server(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY_CTX *generator = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, NULL);
    EVP_PKEY *key = NULL;
    X509 *certificate = X509_new();

    if (EVP_PKEY_keygen_init(generator) != 1 || EVP_PKEY_keygen(generator, &key) != 1 || X509_set_version(certificate, 2) != 1
        || X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) == NULL
        || X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) == NULL
        || X509_set_pubkey(certificate, key) != 1 || X509_sign(certificate, key, NULL) == 0
        || SSL_CTX_use_certificate(ctx, certificate) != 1
        || SSL_CTX_use_PrivateKey(ctx, key) != 1)
        abort();
    EVP_PKEY_CTX_free(generator);
    EVP_PKEY_free(key);
    X509_free(certificate);
    return ctx;
}

static void join(SSL *one, SSL *other)
{
    BIO *left, *right;

    if (BIO_new_bio_pair(&left, 0, &right, 0) != 1)
        abort();
    SSL_set_bio(one, left, left);
    SSL_set_bio(other, right, right);
}

static int shake_hands(SSL *client, SSL *server)
{
    for (int turn = 0; turn < 20; turn++) {
        int client_done = SSL_do_handshake(client), server_done = SSL_do_handshake(server);

        if (client_done == 1 && server_done == 1)
            return 1;
    }
    return 0;
}

int tls_connect(SSL_CTX *server_ctx, int version, SSL_SESSION **session)
{
    SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());
    SSL *client, *server;
    char nothing;
    int result = -1;

    SSL_CTX_set_session_cache_mode(client_ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client_ctx, keep);
    client = SSL_new(client_ctx);
    server = SSL_new(server_ctx);
    SSL_set_min_proto_version(client, version);
    SSL_set_max_proto_version(client, version);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    join(client, server);
    if (*session != NULL)
        SSL_set_session(client, *session);
    newest = NULL;
    if (shake_hands(client, server)) {
        /* Reads the tickets of TLS 1.3, and the end. */
        SSL_shutdown(server);
        SSL_read(client, &nothing, sizeof nothing);
        SSL_shutdown(client);
        result = SSL_session_reused(server);
    }
    if (newest != NULL) {
        SSL_SESSION_free(*session);
        *session = newest;
    }
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(client_ctx);
    return result;
}
