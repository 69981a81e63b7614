/*
 * What C calls. Each looks first whether .NET may run here, and is not left by a thread that is cancelled; the functions
 * behind them are in Exports.cs.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

#include "../../../native/include/openssl_session_cb.h"
#include "guards.h"

int osscb_managed_open(const char *store, const char *key_file, const char *farm, int deadline_ms, osscb_cache **cache);
int osscb_managed_attach(osscb_cache *cache, struct ssl_ctx_st *ctx);
int osscb_managed_detach(osscb_cache *cache, struct ssl_ctx_st *ctx);
int osscb_managed_get_statistics(osscb_cache *cache, osscb_statistics *statistics);
int osscb_managed_close(osscb_cache *cache);
int osscb_managed_set_log(osscb_log_function function, void *argument, int level);
const char *osscb_managed_last_error(void);

/* Who calls can do nothing without the runtime, and no client waits: a start under valgrind on a busy machine takes many seconds. */
enum { PATIENCE_MS = 60000 };

/* Of this thread's last call, when .NET was not asked. */
static _Thread_local const char *refusal;

static int refuse(int state)
{
    refusal = runtime_why_not(state);
    return state == PROCESS_FORKED ? OSSCB_ERROR_FORKED : OSSCB_ERROR_RUNTIME;
}

#define ASK(status, call)                        \
    do {                                         \
        int state = runtime_start(PATIENCE_MS);  \
                                                 \
        refusal = NULL;                          \
        if (state == PROCESS_READY)              \
            WITHOUT_CANCELLATION(status = call); \
        else                                     \
            status = refuse(state);              \
    } while (0)

EXPORT int osscb_open_with_deadline(const char *store, const char *key_file, const char *farm, int deadline_ms, osscb_cache **cache)
{
    int status;

    if (cache != NULL)
        *cache = NULL;
    ASK(status, osscb_managed_open(store, key_file, farm, deadline_ms, cache));
    return status;
}

EXPORT int osscb_open(const char *store, const char *key_file, const char *farm, osscb_cache **cache)
{
    return osscb_open_with_deadline(store, key_file, farm, 0, cache);
}

EXPORT int osscb_attach(osscb_cache *cache, struct ssl_ctx_st *ctx)
{
    int status;

    ASK(status, osscb_managed_attach(cache, ctx));
    return status;
}

EXPORT int osscb_detach(osscb_cache *cache, struct ssl_ctx_st *ctx)
{
    int status;

    ASK(status, osscb_managed_detach(cache, ctx));
    return status;
}

EXPORT int osscb_get_statistics(osscb_cache *cache, osscb_statistics *statistics)
{
    int status;

    ASK(status, osscb_managed_get_statistics(cache, statistics));
    return status;
}

EXPORT int osscb_close(osscb_cache *cache)
{
    int status;

    ASK(status, osscb_managed_close(cache));
    return status;
}

EXPORT int osscb_set_log(osscb_log_function function, void *argument, int level)
{
    int status;

    ASK(status, osscb_managed_set_log(function, argument, level));
    return status;
}

EXPORT const char *osscb_last_error(void)
{
    const char *sentence = refusal;

    if (sentence == NULL && process_state() == PROCESS_READY)
        WITHOUT_CANCELLATION(sentence = osscb_managed_last_error());
    return sentence == NULL ? "" : sentence;
}

EXPORT const char *osscb_version(void)
{
    return OSSCB_VERSION;
}
