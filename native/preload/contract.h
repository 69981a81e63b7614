#ifndef OSSCB_PRELOAD_CONTRACT_H
#define OSSCB_PRELOAD_CONTRACT_H

#include <stddef.h>

/* What the preloaded library and libopensslsessioncb.so, which are built together, know of each other. C# has the same structs. */

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

/* The settings of the process, which live for ever. */
typedef struct {
    const char *store, *key_file, *farm;
    const char *program; /* the host's, as its file is called; "" where that cannot be found out */
    int deadline_ms, log_level, shares_without_certificate;
    int context_slot;    /* on SSL_CTX, of what_host_has_set */
    int connection_slot; /* on SSL, of id_context: the connection's own */
    const int *has_several_id_contexts; /* whether contexts of this process have been given different ones */
    void (*log)(int level, const char *text, void *argument);
} preload_settings;

/* A session id context, of at most 32 bytes. */
typedef struct {
    int length;
    unsigned char bytes[32];
} id_context;

/* SSL_CTX_decrypt_session_ticket_fn, whose enums have the size of int. */
typedef int (*judge_ticket_function)(struct ssl_st *ssl, struct ssl_session_st *session, const unsigned char *key_name, size_t length,
                                     int status, void *argument);

/* What a host has set on a context, for which libssl has no getter. */
typedef struct {
    int flags; /* CONTEXT_... */
    id_context id_context;
    int (*make_ticket)(struct ssl_st *ssl, void *argument);
    judge_ticket_function judge_ticket;
    void *ticket_argument;
} what_host_has_set;

/* The numbers of HostCallback in C#. */
enum {
    CONTEXT_WATCHED = 1,            /* the host makes its contexts by way of the preloaded library, so its setters are seen too */
    CONTEXT_SERVER_NAME = 2,        /* it may move connections to another context by their server name */
    CONTEXT_CERTIFICATE = 4,        /* it chooses a connection's certificate after libssl has looked for the session */
    CONTEXT_VERIFY_CERTIFICATE = 8  /* it judges clients itself */
};

/* What a host does with a session that may be shared. */
enum {
    SESSION_NOTED,  /* it has put data of its own there, which no copy of the session has */
    SESSION_REMOVED /* it has taken it back, and nobody is to resume it */
};

/* What libopensslsessioncb.so exports for this. */
typedef void (*configure_function)(const preload_settings *settings);
typedef void (*client_hello_function)(struct ssl_st *ssl, struct ssl_ctx_st *born_from);
typedef int (*server_name_function)(struct ssl_st *ssl);
typedef void (*session_changed_function)(struct ssl_session_st *session, int what);

#endif
