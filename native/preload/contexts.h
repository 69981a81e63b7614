#ifndef OSSCB_CONTEXTS_H
#define OSSCB_CONTEXTS_H

#include <openssl/ssl.h>

#include "contract.h"

/* Watches the contexts that libssl makes from now on; does nothing as long as no libssl is loaded, and nothing at all without a store. */
void contexts_hook(void);

/* Remembers the host's ClientHello callback, to be called before ours. 0: the context is not watched. */
int contexts_remember(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument);

/*
 * Puts ours before libssl in place of the host's callback for the server name (SNI), and calls that one first. 0: the
 * context is not watched.
 */
int contexts_remember_server_name(SSL_CTX *context, void (*callback)(void));

/* The slot on SSL_CTX; negative: there is none. */
int contexts_slot(void);

/* What the host has set on a context; NULL: it is not watched. */
what_host_has_set *contexts_noted(const SSL_CTX *context);

/* SSL_CTX_new or SSL_CTX_new_ex is called on this thread (1), or done (0): contexts made meanwhile are watched. */
void contexts_making(int begins);

/* Notes the context that a connection was made from, which the connection holds. libssl has no getter for it. */
void contexts_connection_made(SSL *ssl, SSL_CTX *context);

/* Notes that the host has set a callback, CONTEXT_..., on a context. */
void contexts_note(const SSL_CTX *context, int flag);

#endif
