#ifndef OSR_CERTIFICATES_H
#define OSR_CERTIFICATES_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* A key and its self-signed certificate. */
typedef struct {
    EVP_PKEY *key;
    X509 *certificate;
} osr_identity;

/*
 * Made once for a process and kept until it ends, so that contexts made with equal arguments are
 * interchangeable. NULL for an unknown kind, or when OpenSSL cannot make it (see osr_last_error).
 */
const osr_identity *osr_server_identity(const char *key_kind);
const osr_identity *osr_client_identity(void);

#endif
