#define _GNU_SOURCE
#include "start.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "contexts.h"
#include "id_contexts.h"
#include "log.h"
#include "settings.h"

static client_hello_function client_hello;
static server_name_function server_name;
static session_changed_function session_changed;

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

static void map_once(void)
{
    static preload_settings given;
    char buffer[PATH_MAX];
    const char *path = library_path(buffer);
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    configure_function configure;

    if (library == NULL) {
        log_line(LOG_LEVEL_ERROR,
                 "The library cannot be opened, so sessions are not shared: %s. "
                 "Put libopensslsessioncb.so beside the preloaded library, or set OSSCB_LIBRARY.", dlerror());
        return;
    }
    configure = (configure_function)dlsym(library, "osscb_preload_set_up");
    client_hello = (client_hello_function)dlsym(library, "osscb_preload_client_hello");
    server_name = (server_name_function)dlsym(library, "osscb_preload_server_name");
    session_changed = (session_changed_function)dlsym(library, "osscb_preload_session_changed");
    if (configure == NULL || client_hello == NULL || server_name == NULL || session_changed == NULL) {
        log_line(LOG_LEVEL_ERROR, "%s is of another version than the preloaded library, so sessions are not shared.", path);
        client_hello = NULL;
        server_name = NULL;
        session_changed = NULL;
        return;
    }
    given = (preload_settings){
        .store = settings.store,
        .key_file = settings.key_file,
        .farm = settings.farm,
        .program = settings.program,
        .deadline_ms = settings.deadline_ms,
        .log_level = settings.log_level,
        .shares_without_certificate = settings.shares_without_certificate,
        .context_slot = contexts_slot(),
        .connection_slot = id_contexts_slot(),
        .has_several_id_contexts = id_contexts_are_several(),
        .log = log_text,
    };
    configure(&given);
}

void start_map_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, map_once);
}

void start_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from)
{
    if (client_hello != NULL)
        client_hello(ssl, born_from);
}

int start_server_name(struct ssl_st *ssl)
{
    return server_name == NULL || server_name(ssl);
}

void start_session_changed(struct ssl_session_st *session, int what)
{
    if (session_changed != NULL)
        session_changed(session, what);
}
