#ifndef OSSCB_START_H
#define OSSCB_START_H

struct ssl_st;
struct ssl_ctx_st;

/* What libopensslsessioncb.so offers to the preloaded library, and to nobody else. */
typedef void (*configure_function)(const char *store, const char *key_file, const char *farm, int deadline_ms, int log_level,
                                   void (*log)(int, const char *, void *), int watcher_slot, int shares_without_certificate);
typedef void (*client_hello_function)(struct ssl_st *ssl, struct ssl_ctx_st *born_from);
typedef int (*server_name_function)(struct ssl_st *ssl);

/* Maps the library, so that a server which will change its root directory or its user has it. No .NET starts. */
void start_map_library(void);

/*
 * Puts a connection right, in its ClientHello callback. The first one of a process starts .NET and opens the store; what goes wrong is
 * logged once, and the host runs as it would without us.
 */
void start_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from);

/* After the host's callback for the server name. 0: the handshake must not go on. */
int start_server_name(struct ssl_st *ssl);

#endif
