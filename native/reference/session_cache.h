#ifndef OSR_SESSION_CACHE_H
#define OSR_SESSION_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "export.h"

/*
 * A session cache over SSL_CTX_sess_set_new_cb, _remove_cb and _get_cb: the behaviour that the managed
 * library has to match, and the speed that it has to beat. Any number of contexts and threads may share one.
 */
typedef struct osr_cache osr_cache;

typedef struct {
    uint64_t new;     /* calls of the new callback for a server's session */
    uint64_t get;     /* calls of the get callback */
    uint64_t hit;     /* of those, answered with a session */
    uint64_t removed; /* calls of the remove callback, whether or not the session was here */
    uint64_t count;   /* sessions held now */
} osr_counts;

/* The number of buckets stays as it is, and nothing is ever evicted. NULL if out of memory. */
OSR_API osr_cache *osr_cache_new(size_t buckets);

/* Every context must have been detached or freed before: libssl calls remove from within SSL_CTX_free. */
OSR_API void osr_cache_free(osr_cache *cache);

/*
 * Sets the three callbacks, and nothing else: cache mode, SSL_OP_NO_TICKET and the rest are the caller's
 * (osr_ctx_external_sessions sets what a shared cache needs). Attach before any SSL uses the context.
 *
 * The cache is found through SSL_get_SSL_CTX. If an SNI callback switches to another context, attach that
 * one as well: libssl keeps calling the callbacks of the context that the SSL was made with, but shows the
 * one that it was switched to.
 */
OSR_API void osr_cache_attach(osr_cache *cache, SSL_CTX *ctx);
OSR_API void osr_cache_detach(SSL_CTX *ctx);

/* With 1, sessions that libssl removes stay here: what a store that ignores remove would do. */
OSR_API void osr_cache_keep_on_remove(osr_cache *cache, int keep);

OSR_API void osr_cache_counts(const osr_cache *cache, osr_counts *counts);

#endif
