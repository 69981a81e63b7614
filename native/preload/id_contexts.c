#include "id_contexts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "contexts.h"
#include "libssl.h"

static int slot = -1;

/* The first one that a context of this process was given, and whether another one was given another. */
static id_context first = {-1, {0}};
static int are_several;

static void freed(void *ssl, void *value, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
    (void)ssl, (void)data, (void)index, (void)number, (void)argument;
    free(value);
}

/* SSL_dup. OpenSSL 1.1.1 declares the place of the value as void *. */
static int copied(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void *place, int index, long number, void *argument)
{
    void **value = place;
    id_context *copy;

    (void)to, (void)from, (void)index, (void)number, (void)argument;
    if (*value == NULL)
        return 1;
    copy = malloc(sizeof *copy);
    if (copy != NULL)
        memcpy(copy, *value, sizeof *copy);
    *value = copy;
    return copy != NULL;
}

int id_contexts_hook(void)
{
    slot = libssl.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, NULL, NULL, (CRYPTO_EX_dup *)(void *)copied, freed);
    return slot >= 0;
}

int id_contexts_slot(void)
{
    return slot;
}

const int *id_contexts_are_several(void)
{
    return &are_several;
}

static id_context made_of(const unsigned char *bytes, unsigned int length)
{
    id_context made = {0, {0}};

    /* libssl turns down one that is longer. */
    if (length > sizeof made.bytes)
        return made;
    made.length = (int)length;
    if (length > 0)
        memcpy(made.bytes, bytes, length);
    return made;
}

void id_contexts_note(const SSL_CTX *context, const unsigned char *bytes, unsigned int length)
{
    static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    what_host_has_set *noted = contexts_noted(context);
    id_context made = made_of(bytes, length);

    if (noted == NULL)
        return;
    noted->id_context = made;
    pthread_mutex_lock(&gate);
    if (first.length < 0)
        first = made;
    else if (memcmp(&first, &made, sizeof made) != 0)
        __atomic_store_n(&are_several, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&gate);
}

void id_contexts_note_own(SSL *ssl, const unsigned char *bytes, unsigned int length)
{
    id_context *noted = slot < 0 ? NULL : libssl.SSL_get_ex_data(ssl, slot);

    if (slot < 0)
        return;
    if (noted == NULL) {
        noted = malloc(sizeof *noted);
        if (noted == NULL)
            return;
        if (libssl.SSL_set_ex_data(ssl, slot, noted) != 1) {
            free(noted);
            return;
        }
    }
    *noted = made_of(bytes, length);
}
