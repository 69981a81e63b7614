#include "session_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

osr_entry *osr_entry_encode(SSL_SESSION *session)
{
    int der_length = i2d_SSL_SESSION(session, NULL);
    osr_entry *entry;
    unsigned char *end;
    const unsigned char *id;

    if (der_length <= 0)
        return NULL;

    entry = malloc(sizeof *entry + (size_t)der_length);
    if (entry == NULL)
        return NULL;

    id = SSL_SESSION_get_id(session, &entry->id_length);
    memcpy(entry->id, id, entry->id_length);
    end = entry->der;
    entry->der_length = i2d_SSL_SESSION(session, &end);
    atomic_init(&entry->references, 1);
    return entry;
}

void osr_entry_share(osr_entry *entry)
{
    atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
}

void osr_entry_release(osr_entry *entry)
{
    if (entry == NULL || atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) != 1)
        return;

    OPENSSL_cleanse(entry->der, (size_t)entry->der_length);
    free(entry);
}

int osr_table_init(osr_table *table, size_t buckets)
{
    size_t size = 1;

    while (size < buckets)
        size *= 2;

    table->buckets = calloc(size, sizeof *table->buckets);
    table->mask = size - 1;
    table->count = 0;
    return table->buckets != NULL;
}

void osr_table_clear(osr_table *table)
{
    for (size_t i = 0; i <= table->mask; i++) {
        while (table->buckets[i] != NULL) {
            osr_entry *entry = table->buckets[i];

            table->buckets[i] = entry->next;
            osr_entry_release(entry);
        }
    }
    free(table->buckets);
}

/* Ids are random, but a generator of the application's may give them a common head or tail: fold them whole. */
static size_t hash(const unsigned char *id, unsigned int id_length)
{
    uint64_t words[SSL_MAX_SSL_SESSION_ID_LENGTH / sizeof(uint64_t)] = { 0 };

    memcpy(words, id, id_length);
    return (size_t)(((words[0] ^ words[1] ^ words[2] ^ words[3]) * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* The link that points at the entry, or the empty link at the end of its chain. */
static osr_entry **locate(const osr_table *table, const unsigned char *id, unsigned int id_length)
{
    osr_entry **link = &table->buckets[hash(id, id_length) & table->mask];

    while (*link != NULL && ((*link)->id_length != id_length || memcmp((*link)->id, id, id_length) != 0))
        link = &(*link)->next;
    return link;
}

osr_entry *osr_table_find(const osr_table *table, const unsigned char *id, unsigned int id_length)
{
    return *locate(table, id, id_length);
}

osr_entry *osr_table_put(osr_table *table, osr_entry *entry)
{
    osr_entry **link = locate(table, entry->id, entry->id_length);
    osr_entry *replaced = *link;

    entry->next = replaced != NULL ? replaced->next : NULL;
    *link = entry;
    if (replaced == NULL)
        table->count++;
    return replaced;
}

osr_entry *osr_table_take(osr_table *table, const unsigned char *id, unsigned int id_length)
{
    osr_entry **link = locate(table, id, id_length);
    osr_entry *taken = *link;

    if (taken != NULL) {
        *link = taken->next;
        table->count--;
    }
    return taken;
}
