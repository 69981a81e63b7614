/*
 * The functions of libssl that this library stands in front of. A host that dlopens libssl later than this library (CPython's ssl
 * module) is hooked by its first SSL_CTX_new; one that finds them with dlsym on libssl's handle gets libssl's own, and the hook
 * must have been there before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "contexts.h"
#include "libssl.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
    SSL_CTX *made;

    contexts_hook();
    contexts_making(1);
    made = libssl_find() ? libssl.SSL_CTX_new(method) : NULL;
    contexts_making(0);
    return made;
}

EXPORT SSL_CTX *SSL_CTX_new_ex(OSSL_LIB_CTX *library, const char *properties, const SSL_METHOD *method)
{
    SSL_CTX *made;

    contexts_hook();
    contexts_making(1);
    made = libssl_find() && libssl.SSL_CTX_new_ex != NULL ? libssl.SSL_CTX_new_ex(library, properties, method) : NULL;
    contexts_making(0);
    return made;
}

EXPORT void SSL_CTX_set_cert_cb(SSL_CTX *context, int (*callback)(SSL *, void *), void *argument)
{
    contexts_note(context, CONTEXT_CERTIFICATE);
    if (libssl_find())
        libssl.SSL_CTX_set_cert_cb(context, callback, argument);
}

/* In its ClientHello callback as a rule: the connection's context is taken for one that does so. */
EXPORT void SSL_set_cert_cb(SSL *ssl, int (*callback)(SSL *, void *), void *argument)
{
    if (!libssl_find())
        return;
    contexts_note(libssl.SSL_get_SSL_CTX(ssl), CONTEXT_CERTIFICATE);
    libssl.SSL_set_cert_cb(ssl, callback, argument);
}

EXPORT void SSL_CTX_set_cert_verify_callback(SSL_CTX *context, int (*callback)(X509_STORE_CTX *, void *), void *argument)
{
    contexts_note(context, CONTEXT_VERIFY_CERTIFICATE);
    if (libssl_find())
        libssl.SSL_CTX_set_cert_verify_callback(context, callback, argument);
}

/* SSL_CTX_set_tlsext_servername_callback is a macro for this. */
EXPORT long SSL_CTX_callback_ctrl(SSL_CTX *context, int command, void (*callback)(void))
{
    if (command == SSL_CTRL_SET_TLSEXT_SERVERNAME_CB && contexts_remember_server_name(context, callback))
        return 1;
    return libssl_find() ? libssl.SSL_CTX_callback_ctrl(context, command, callback) : 0;
}

EXPORT void SSL_CTX_set_client_hello_cb(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument)
{
    if (!contexts_remember(context, callback, argument) && libssl_find())
        libssl.SSL_CTX_set_client_hello_cb(context, callback, argument);
}
