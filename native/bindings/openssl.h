/* What interop/generation reads: every OpenSSL header that holds a bound name. */
#ifndef OPENSSLSESSIONCB_BINDINGS_OPENSSL_H
#define OPENSSLSESSIONCB_BINDINGS_OPENSSL_H

/* One set of bindings serves 1.1.1 to 4.0: what 3.x calls deprecated is all that 1.1.1 has. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/types.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/stack.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <openssl/prov_ssl.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>

#endif
