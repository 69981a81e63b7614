#ifndef OSSCB_CONTEXTS_H
#define OSSCB_CONTEXTS_H

#include <openssl/ssl.h>

/*
 * What a host has set on a context, for which libssl has no getter. The library reads it where it lies: as the first int of what hangs
 * in the slot. The numbers of HostCallback in C#.
 */
enum {
    CONTEXT_WATCHED = 1,            /* the host makes its contexts by way of this library, so its setters are seen too */
    CONTEXT_SERVER_NAME = 2,        /* it may move connections to another context by their server name */
    CONTEXT_CERTIFICATE = 4,        /* it chooses a connection's certificate after libssl has looked for the session */
    CONTEXT_VERIFY_CERTIFICATE = 8  /* it judges clients itself */
};

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

/* SSL_CTX_new or SSL_CTX_new_ex is called on this thread (1), or done (0): contexts made meanwhile are watched. */
void contexts_making(int begins);

/* Notes that the host has set a callback, one of the flags above, on a context. */
void contexts_note(const SSL_CTX *context, int flag);

#endif
