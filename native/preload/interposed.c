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
    contexts_hook();
    return libssl_find() ? libssl.SSL_CTX_new(method) : NULL;
}

EXPORT void SSL_CTX_set_client_hello_cb(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument)
{
    if (!contexts_remember(context, callback, argument) && libssl_find())
        libssl.SSL_CTX_set_client_hello_cb(context, callback, argument);
}
