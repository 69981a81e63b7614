#ifndef OSR_SESSION_TABLE_H
#define OSR_SESSION_TABLE_H

#include <stdatomic.h>
#include <stddef.h>

#include <openssl/ssl.h>

/* A chained hash table of encoded sessions. It does not lock: session_cache.c does. */

/*
 * One session: its id and its DER, in one allocation. Counted, so that a reader can decode outside the
 * lock while another thread takes the entry out of the table.
 */
typedef struct osr_entry {
    struct osr_entry *next;
    atomic_int references;
    unsigned int id_length;
    unsigned char id[SSL_MAX_SSL_SESSION_ID_LENGTH];
    int der_length;
    unsigned char der[];
} osr_entry;

typedef struct {
    osr_entry **buckets;
    size_t mask;
    size_t count;
} osr_table;

/* Encodes a session into an entry with one reference; NULL if it cannot be encoded. */
osr_entry *osr_entry_encode(SSL_SESSION *session);
void osr_entry_share(osr_entry *entry);
/* Drops one reference. NULL is allowed. The last one wipes the DER, which holds the master key in the clear. */
void osr_entry_release(osr_entry *entry);

/* At least `buckets` buckets, rounded up to a power of two, for as long as the table lives. 0 if out of memory. */
int osr_table_init(osr_table *table, size_t buckets);
void osr_table_clear(osr_table *table);

/* Borrowed: share it before the lock is let go. */
osr_entry *osr_table_find(const osr_table *table, const unsigned char *id, unsigned int id_length);
/* The table adopts the entry; returns the one it replaces, now the caller's, or NULL. */
osr_entry *osr_table_put(osr_table *table, osr_entry *entry);
/* Takes the entry out; it is now the caller's. NULL if there is none. */
osr_entry *osr_table_take(osr_table *table, const unsigned char *id, unsigned int id_length);

#endif
