/* What native/preload calls: see contract.h there. The runtime starts, and the store is opened, in the first ClientHello. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../../native/preload/contract.h"
#include "guards.h"

int osscb_managed_preload_open(const preload_settings *settings);
void osscb_managed_preload_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from);
int osscb_managed_preload_server_name(struct ssl_st *ssl);
void osscb_managed_preload_session_changed(struct ssl_session_st *session, int what);

enum {
    START_PATIENCE_MS = 2000,
    OPEN_PATIENCE_MS = 2000
};
enum { NOT_OPENED, OPENING, OPEN, CLOSED };

static const preload_settings *settings;

static atomic_int opened = NOT_OPENED, is_late;

/*
 * SQLite lies beside this library, where a server that changes its root directory does not reach any more. SqliteLibrary.cs
 * finds it by the same name.
 */
static void map_sqlite(void)
{
    char path[PATH_MAX];
    const char *slash;
    Dl_info own;

    if (dladdr((void *)map_sqlite, &own) == 0 || (slash = strrchr(own.dli_fname, '/')) == NULL)
        return;
    if (snprintf(path, sizeof path, "%.*s/libe_sqlite3.so", (int)(slash - own.dli_fname), own.dli_fname) >= (int)sizeof path)
        return;

    /* It needs libm, and does not say so. If this fails, the store says why it cannot be opened. */
    dlopen("libm.so.6", RTLD_NOW | RTLD_GLOBAL);
    dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

EXPORT void osscb_preload_set_up(const preload_settings *given)
{
    settings = given;
    runtime_log_to(given->log, NULL);
    if (strncmp(given->store, "sqlite:", strlen("sqlite:")) == 0)
        map_sqlite();
}

static int open_store(void *unused)
{
    (void)unused;
    atomic_store(&opened, osscb_managed_preload_open(settings) == 0 ? OPEN : CLOSED);
    return 0;
}

/*
 * Connections that come meanwhile wait as long as the one that opens, and then do without: a store may be slow, and
 * handshakes must not be.
 */
static void wait_for_opening(void)
{
    while (atomic_load(&opened) == OPENING && !atomic_load(&is_late))
        usleep(1000);
}

static void open_once(void)
{
    int expected = NOT_OPENED, state;

    if (!atomic_compare_exchange_strong(&opened, &expected, OPENING)) {
        wait_for_opening();
        return;
    }
    state = runtime_start(START_PATIENCE_MS);
    if (state == PROCESS_STARTING) {
        /* It takes long; whoever comes next asks again. */
        atomic_store(&opened, NOT_OPENED);
    } else if (state != PROCESS_READY) {
        atomic_store(&opened, CLOSED);
        runtime_say(SAY_ERROR, "Sessions are not shared: %s.", runtime_why_not(state));
    } else if (runtime_run(open_store, NULL, OPEN_PATIENCE_MS) != 0) {
        runtime_say(SAY_WARNING, errno == ETIMEDOUT ? "The store is slow to open; sessions are shared when it has been."
                                                    : "Sessions are not shared: no thread can be made.");
    }
    atomic_store(&is_late, 1);
}

/* Once in each child that goes on to speak TLS, and not in one that executes another program. */
static void say_forked(void)
{
    static _Atomic pid_t said;
    pid_t self = getpid();

    if (atomic_exchange(&said, self) != self)
        runtime_say(SAY_WARNING, "This process was forked after sessions were shared, and runs without: "
                                 "sharing starts in workers that fork before their first handshake.");
}

EXPORT void osscb_preload_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from)
{
    int state = process_state();

    if (state == PROCESS_FORKED) {
        say_forked();
        return;
    }
    if (state == PROCESS_FAILED || state == PROCESS_ENDED)
        return;
    WITHOUT_CANCELLATION({
        if (atomic_load_explicit(&opened, memory_order_acquire) <= OPENING)
            open_once();
        if (atomic_load_explicit(&opened, memory_order_acquire) == OPEN && process_state() == PROCESS_READY)
            osscb_managed_preload_client_hello(ssl, born_from);
    });
}

/* 0: the handshake must not go on. */
EXPORT int osscb_preload_server_name(struct ssl_st *ssl)
{
    int goes_on = 1;

    if (process_state() == PROCESS_READY && atomic_load_explicit(&opened, memory_order_acquire) == OPEN)
        WITHOUT_CANCELLATION(goes_on = osscb_managed_preload_server_name(ssl));
    return goes_on;
}

EXPORT void osscb_preload_session_changed(struct ssl_session_st *session, int what)
{
    if (process_state() == PROCESS_READY && atomic_load_explicit(&opened, memory_order_acquire) == OPEN)
        WITHOUT_CANCELLATION(osscb_managed_preload_session_changed(session, what));
}
