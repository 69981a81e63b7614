#ifndef OSSCB_ID_CONTEXTS_H
#define OSSCB_ID_CONTEXTS_H

#include <openssl/ssl.h>

/*
 * The session id contexts that a host sets, by which libssl keeps its clients apart. The library puts its own in their place, and libssl
 * has no getter for them.
 */

/* Once, with the other slots. 0: libssl gave none. */
int id_contexts_hook(void);

/* The slot on SSL; negative: there is none. */
int id_contexts_slot(void);

/* Whether contexts of this process have been given different ones. */
const int *id_contexts_are_several(void);

void id_contexts_note(const SSL_CTX *context, const unsigned char *bytes, unsigned int length);
void id_contexts_note_own(SSL *ssl, const unsigned char *bytes, unsigned int length);

#endif
