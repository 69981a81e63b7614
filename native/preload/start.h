#ifndef OSSCB_START_H
#define OSSCB_START_H

#include "contract.h"

/* Maps the library, so that a server which will change its root directory or its user has it. No .NET starts. */
void start_map_library(void);

/*
 * Puts a connection right, in its ClientHello callback. The first one of a process starts .NET and opens the store; what goes wrong is
 * logged once, and the host runs as it would without us.
 */
void start_client_hello(struct ssl_st *ssl, struct ssl_ctx_st *born_from);

/* After the host's callback for the server name. 0: the handshake must not go on. */
int start_server_name(struct ssl_st *ssl);

/* The host has done something, SESSION_..., with a session, which may be one that is shared. */
void start_session_changed(struct ssl_session_st *session, int what);

#endif
