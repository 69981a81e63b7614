/*
 * OpenSslSessionCb: the TLS sessions of this process's servers, shared with other processes and machines.
 *
 *     osscb_cache *cache;
 *     if (osscb_open("redis:127.0.0.1:6379", "/etc/farm.key", "shop", &cache) != OSSCB_OK)
 *         fprintf(stderr, "%s\n", osscb_last_error());
 *     else
 *         osscb_attach(cache, ctx);        // an SSL_CTX *, set up and before its first connection
 *
 * Every function may be called from any thread, never throws, never aborts, and leaves OpenSSL's error queue as it found it.
 * In a child that was forked after osscb_open nothing works, and nothing breaks: the functions answer OSSCB_ERROR_FORKED, and
 * the child's handshakes are full ones. A server that forks workers opens a cache in each worker.
 *
 * The library uses the libssl that the process has loaded already: 1.1.1, or 3.0 and later. It has a .NET runtime inside,
 * which starts with the first call and leaves the host's signal handlers alone; docs/native.md says more.
 */
#ifndef OPENSSL_SESSION_CB_H
#define OPENSSL_SESSION_CB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ssl_ctx_st; /* SSL_CTX */

/* What a function answers. Anything but OSSCB_OK leaves a sentence in osscb_last_error. */
enum {
    OSSCB_OK = 0,
    OSSCB_ERROR_ARGUMENT = 1, /* a null pointer, a store or a name that is not understood, a cache that is closed */
    OSSCB_ERROR_OPENSSL = 2,  /* no libssl, one too old, or a context that cannot share */
    OSSCB_ERROR_STORE = 3,    /* the store cannot be opened */
    OSSCB_ERROR_KEY_FILE = 4, /* the key file is missing, not understood, or others may read it */
    OSSCB_ERROR_FORKED = 5,   /* the process was forked after osscb_open */
    OSSCB_ERROR_INTERNAL = 6, /* anything else; a bug if you see it */
    OSSCB_ERROR_RUNTIME = 7   /* the .NET runtime cannot start in this process: too little address space, no thread to be had */
};

/* How much is logged, and how much a line matters. */
enum {
    OSSCB_LOG_ERROR = 1,
    OSSCB_LOG_WARNING = 2,
    OSSCB_LOG_INFORMATION = 3
};

typedef struct osscb_cache osscb_cache;

/*
 * What a cache has done since it was opened. Set size to sizeof(osscb_statistics) before the call: a library that is newer than the
 * header fills what the header knows, one that is older leaves 0 in what it does not know.
 */
typedef struct osscb_statistics {
    size_t size;
    uint64_t created;   /* sessions that libssl announced */
    uint64_t lookups;   /* sessions that libssl asked for */
    uint64_t hits;      /* of these, found */
    uint64_t near_hits; /* of the hits, found in this process */
    uint64_t late;      /* of the misses: the store was late, or is left alone because it often was */
    uint64_t foreign;   /* of the misses: the id is not of this farm, the store was not asked */
    uint64_t rejected;  /* of the misses: the store's answer was not believed */
    uint64_t removed;   /* sessions removed after a fatal alert */
    uint64_t errors;    /* calls to the store that failed */
    uint64_t dropped;   /* writes that were dropped */
    uint64_t queued;    /* writes that the store has not confirmed yet */
} osscb_statistics;

/*
 * Opens a cache.
 *   store     "memory" (this process only), "sqlite:PATH" (processes of one machine), or "redis:HOST:PORT[,OPTIONS]" with the
 *             options of StackExchange.Redis. A Redis that is away is no error: the cache begins to share when it comes.
 *   key_file  the keys that seal sessions, the same for all who share a store. Made when absent, with mode 0600.
 *             NULL: for memory none is needed, for sqlite it is PATH.key.
 *   farm      sessions resume only between caches with the same name. NULL: "default".
 *   cache     receives the cache, which the caller closes with osscb_close. NULL after an error.
 */
int osscb_open(const char *store, const char *key_file, const char *farm, osscb_cache **cache);

/*
 * As osscb_open, and sets how long a handshake waits for the store at most, in milliseconds, 1 to 1000; 0: 20.
 */
int osscb_open_with_deadline(const char *store, const char *key_file, const char *farm, int deadline_ms, osscb_cache **cache);

/*
 * Attaches a context: its server connections share their sessions from then on. Once certificate, client CAs and verification are
 * set up, and before the first connection. The context stays the caller's, and may be freed at any time. A program that switches
 * contexts by the server name (SNI) attaches each of them, and switches in its ClientHello callback: libssl looks for the session
 * before it calls the one for the server name, and what is made for another context is not kept.
 */
int osscb_attach(osscb_cache *cache, struct ssl_ctx_st *ctx);

/* Detaches a context. Handshakes may be in flight. What of its settings can be read back is put back. */
int osscb_detach(osscb_cache *cache, struct ssl_ctx_st *ctx);

/* Fills *statistics; the caller owns it, and has set its size. */
int osscb_get_statistics(osscb_cache *cache, osscb_statistics *statistics);

/*
 * Detaches every context, writes what is queued (for 5 seconds at most), and closes the store. The cache is gone, whatever is answered.
 */
int osscb_close(osscb_cache *cache);

/*
 * Has caches that are opened from now on log to a function, called from any thread, one call at a time for each line; the text
 * lives for the call. It must not call into this library. NULL: nothing is logged, as before the first call.
 */
typedef void (*osscb_log_function)(int level, const char *text, void *argument);
int osscb_set_log(osscb_log_function function, void *argument, int level);

/* One sentence about the last call on this thread that did not answer OSSCB_OK; "" if all did. Valid until the next call on this thread. */
const char *osscb_last_error(void);

/* The version of the library, "0.1.0" for instance. Lives for ever. */
const char *osscb_version(void);

#ifdef __cplusplus
}
#endif

#endif
