#include "session_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "recorder.h"
#include "session_table.h"
#include "transcript.h"

struct osr_cache {
    pthread_mutex_t lock;
    osr_table table;
    osr_counts counts;
    osr_recorder recorder;
    int keep_on_remove;
};

static pthread_once_t index_once = PTHREAD_ONCE_INIT;
static int cache_index = -1;

static void make_index(void)
{
    cache_index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, NULL, NULL, NULL);
}

static osr_cache *cache_of(const SSL_CTX *ctx)
{
    return SSL_CTX_get_ex_data(ctx, cache_index);
}

/* 0: libssl drops the reference that it took for us. What is kept is the encoding. */
static int on_new(SSL *ssl, SSL_SESSION *session)
{
    osr_cache *cache = cache_of(SSL_get_SSL_CTX(ssl));
    osr_entry *entry, *replaced = NULL;

    if (cache == NULL || !SSL_is_server(ssl))
        return 0;

    entry = osr_entry_encode(session);

    pthread_mutex_lock(&cache->lock);
    cache->counts.new++;
    osr_recorder_new(&cache->recorder, ssl, session);
    if (entry != NULL)
        replaced = osr_table_put(&cache->table, entry);
    pthread_mutex_unlock(&cache->lock);

    osr_entry_release(replaced);
    return 0;
}

static SSL_SESSION *on_get(SSL *ssl, const unsigned char *id, int id_length, int *copy)
{
    osr_cache *cache = cache_of(SSL_get_SSL_CTX(ssl));
    osr_entry *entry;
    SSL_SESSION *session;
    const unsigned char *der;

    /* libssl pre-sets 1, "take a reference of your own"; ours is handed over, or it would leak. */
    *copy = 0;
    if (cache == NULL)
        return NULL;

    pthread_mutex_lock(&cache->lock);
    entry = osr_table_find(&cache->table, id, (unsigned int)id_length);
    if (entry != NULL)
        osr_entry_share(entry);
    cache->counts.get++;
    cache->counts.hit += entry != NULL;
    osr_recorder_get(&cache->recorder, id, (unsigned int)id_length, entry != NULL);
    pthread_mutex_unlock(&cache->lock);

    if (entry == NULL)
        return NULL;

    /* Before 4.0 an error left in the queue turns the handshake's next WANT_READ into SSL_ERROR_SSL. */
    ERR_set_mark();
    der = entry->der;
    session = d2i_SSL_SESSION(NULL, &der, entry->der_length);
    ERR_pop_to_mark();

    osr_entry_release(entry);
    return session;
}

/* libssl may hold the context's lock here (eviction, flush, SSL_CTX_free): no call that takes it. */
static void on_remove(SSL_CTX *ctx, SSL_SESSION *session)
{
    osr_cache *cache = cache_of(ctx);
    osr_entry *taken = NULL;
    const unsigned char *id;
    unsigned int id_length;

    if (cache == NULL)
        return;

    id = SSL_SESSION_get_id(session, &id_length);

    pthread_mutex_lock(&cache->lock);
    cache->counts.removed++;
    osr_recorder_remove(&cache->recorder, session);
    if (!cache->keep_on_remove)
        taken = osr_table_take(&cache->table, id, id_length);
    pthread_mutex_unlock(&cache->lock);

    osr_entry_release(taken);
}

osr_cache *osr_cache_new(size_t buckets)
{
    osr_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL || !osr_table_init(&cache->table, buckets)) {
        free(cache);
        return NULL;
    }
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void osr_cache_free(osr_cache *cache)
{
    if (cache == NULL)
        return;
    osr_table_clear(&cache->table);
    osr_recorder_clear(&cache->recorder);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

void osr_cache_attach(osr_cache *cache, SSL_CTX *ctx)
{
    pthread_once(&index_once, make_index);
    SSL_CTX_set_ex_data(ctx, cache_index, cache);
    SSL_CTX_sess_set_new_cb(ctx, on_new);
    SSL_CTX_sess_set_get_cb(ctx, on_get);
    SSL_CTX_sess_set_remove_cb(ctx, on_remove);
}

void osr_cache_detach(SSL_CTX *ctx)
{
    pthread_once(&index_once, make_index);
    SSL_CTX_sess_set_new_cb(ctx, NULL);
    SSL_CTX_sess_set_get_cb(ctx, NULL);
    SSL_CTX_sess_set_remove_cb(ctx, NULL);
    SSL_CTX_set_ex_data(ctx, cache_index, NULL);
}

void osr_cache_keep_on_remove(osr_cache *cache, int keep)
{
    pthread_mutex_lock(&cache->lock);
    cache->keep_on_remove = keep;
    pthread_mutex_unlock(&cache->lock);
}

void osr_cache_counts(const osr_cache *cache, osr_counts *counts)
{
    /* The cache is const to the caller, its lock cannot be. */
    pthread_mutex_t *lock = (pthread_mutex_t *)&cache->lock;

    pthread_mutex_lock(lock);
    *counts = cache->counts;
    counts->count = cache->table.count;
    pthread_mutex_unlock(lock);
}

void osr_cache_record(osr_cache *cache, int on)
{
    pthread_mutex_lock(&cache->lock);
    cache->recorder.on = on;
    pthread_mutex_unlock(&cache->lock);
}

size_t osr_cache_transcript(osr_cache *cache, char *buf, size_t size)
{
    size_t length, copied;

    pthread_mutex_lock(&cache->lock);
    length = cache->recorder.length;
    copied = length < size ? length : size - 1;
    if (size > 0) {
        if (copied > 0)
            memcpy(buf, cache->recorder.text, copied);
        buf[copied] = '\0';
    }
    pthread_mutex_unlock(&cache->lock);
    return length;
}

void osr_cache_clear_transcript(osr_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    osr_recorder_clear(&cache->recorder);
    pthread_mutex_unlock(&cache->lock);
}
