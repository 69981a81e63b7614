#include "contexts.h"

#include "certificates.h"
#include "last_error.h"

static int is_dtls(int version)
{
    return version >> 8 == DTLS1_VERSION_MAJOR;
}

static int use_identity(SSL_CTX *ctx, const osr_identity *identity)
{
    return identity != NULL
        && SSL_CTX_use_certificate(ctx, identity->certificate)
        && SSL_CTX_use_PrivateKey(ctx, identity->key);
}

static int demand_client_certificate(SSL_CTX *ctx)
{
    static const unsigned char session_id_context[] = { 'o', 's', 'r' };
    const osr_identity *client = osr_client_identity();

    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return client != NULL
        && X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), client->certificate)
        && SSL_CTX_set_session_id_context(ctx, session_id_context, sizeof session_id_context);
}

static int limit_version(SSL_CTX *ctx, int version)
{
    return SSL_CTX_set_min_proto_version(ctx, version) && SSL_CTX_set_max_proto_version(ctx, version);
}

static SSL_CTX *or_note_error(SSL_CTX *ctx, int made, const char *what)
{
    if (made)
        return ctx;
    osr_note_error(what);
    SSL_CTX_free(ctx);
    return NULL;
}

SSL_CTX *osr_server_ctx(int tls_version, const char *key_kind, int mtls)
{
    SSL_CTX *ctx = SSL_CTX_new(is_dtls(tls_version) ? DTLS_server_method() : TLS_server_method());
    int made = ctx != NULL
        && limit_version(ctx, tls_version)
        && use_identity(ctx, osr_server_identity(key_kind))
        && (!mtls || demand_client_certificate(ctx));

    return or_note_error(ctx, made, "making a server context");
}

SSL_CTX *osr_client_ctx(int tls_version, int with_client_cert)
{
    SSL_CTX *ctx = SSL_CTX_new(is_dtls(tls_version) ? DTLS_client_method() : TLS_client_method());
    int made = ctx != NULL
        && limit_version(ctx, tls_version)
        && (!with_client_cert || use_identity(ctx, osr_client_identity()));

    return or_note_error(ctx, made, "making a client context");
}

void osr_ctx_external_sessions(SSL_CTX *server)
{
    SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_options(server, SSL_OP_NO_TICKET);
}

int osr_demand_client_name(SSL *server, const char *name)
{
    return X509_VERIFY_PARAM_set1_host(SSL_get0_param(server), name, 0);
}

int osr_show_certificate_of(SSL *server, const SSL_CTX *other)
{
    return SSL_use_certificate(server, SSL_CTX_get0_certificate(other)) == 1
        && SSL_use_PrivateKey(server, SSL_CTX_get0_privatekey(other)) == 1;
}
