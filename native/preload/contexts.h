#ifndef OSSCB_CONTEXTS_H
#define OSSCB_CONTEXTS_H

#include <openssl/ssl.h>

/* Watches the contexts that libssl makes from now on; does nothing as long as no libssl is loaded, and nothing at all without a store. */
void contexts_hook(void);

/* Remembers the host's ClientHello callback, to be called before ours. 0: the context is not watched. */
int contexts_remember(SSL_CTX *context, SSL_client_hello_cb_fn callback, void *argument);

/*
 * Puts ours before libssl in place of the host's callback for the server name (SNI), and calls that one first. 0: the
 * context is not watched.
 */
int contexts_remember_server_name(SSL_CTX *context, void (*callback)(void));

#endif
