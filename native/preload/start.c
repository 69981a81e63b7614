#define _GNU_SOURCE
#include "start.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "settings.h"

enum { NOT_STARTED, STARTED, FAILED, FORKED };

static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static atomic_int state = NOT_STARTED;
static start_function start;
static client_hello_function client_hello;

static const char *library_path(char *buffer)
{
    Dl_info own;
    char *slash;

    if (settings.library != NULL)
        return settings.library;
    if (dladdr((void *)start_map_library, &own) == 0 || strlen(own.dli_fname) + sizeof "libopensslsessioncb.so" > PATH_MAX)
        return NULL;
    strcpy(buffer, own.dli_fname);
    slash = strrchr(buffer, '/');
    strcpy(slash == NULL ? buffer : slash + 1, "libopensslsessioncb.so");
    return buffer;
}

void start_map_library(void)
{
    static int tried;
    char buffer[PATH_MAX];
    const char *path;
    void *library;

    if (tried)
        return;
    tried = 1;
    path = library_path(buffer);
    library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        log_line(LOG_LEVEL_ERROR, "The library cannot be opened, so sessions are not shared: %s. Put libopensslsessioncb.so beside the preloaded library, or set OSSCB_LIBRARY.", dlerror());
        return;
    }
    start = (start_function)dlsym(library, "osscb_preload_start");
    client_hello = (client_hello_function)dlsym(library, "osscb_preload_client_hello");
    if (start == NULL || client_hello == NULL) {
        log_line(LOG_LEVEL_ERROR, "%s is of another version than the preloaded library, so sessions are not shared.", path);
        start = NULL;
    }
}

/*
 * A runtime does not survive fork: its threads are gone. The child of a process that has started one goes on without; the child of
 * a process that has not starts its own.
 */
static void in_child(void)
{
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;

    starting = unlocked;
    if (atomic_load(&state) == STARTED) {
        atomic_store(&state, FORKED);
        log_line(LOG_LEVEL_WARNING, "This process was forked after sessions were shared, and runs without: sharing starts in workers that fork before their first handshake.");
    }
}

static void start_once(void)
{
    pthread_mutex_lock(&starting);
    if (atomic_load(&state) == NOT_STARTED) {
        int failed = start == NULL || start(settings.store, settings.key_file, settings.farm, settings.deadline_ms, settings.log_level, log_text) != 0;

        pthread_atfork(NULL, NULL, in_child);
        atomic_store(&state, failed ? FAILED : STARTED);
    }
    pthread_mutex_unlock(&starting);
}

void start_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from)
{
    if (atomic_load(&state) == NOT_STARTED)
        start_once();
    if (atomic_load(&state) == STARTED)
        client_hello(ssl, born_from);
}
