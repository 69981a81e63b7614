/* Every function, with what it must refuse and with what it must not. arguments FOLDER VERSION */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include <openssl/err.h>

#include "check.h"
#include "tls_pair.h"

static char folder[1024];

static const char *in_folder(const char *scheme, const char *file)
{
    static char path[2048];

    snprintf(path, sizeof path, "%s%s/%s", scheme, folder, file);
    return path;
}

static void opening(void)
{
    osscb_cache *cache = (osscb_cache *)folder;

    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open(NULL, NULL, NULL, &cache));
    CHECK(cache == NULL);
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("memory", NULL, NULL, NULL));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("", NULL, NULL, &cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("sqlite:", NULL, NULL, &cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("redis:", NULL, NULL, &cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("memory", NULL, "", &cache));
    ANSWERS(OSSCB_ERROR_STORE, osscb_open("sqlite:/nowhere/at/all.db", in_folder("", "a.key"), NULL, &cache));
    ANSWERS(OSSCB_ERROR_KEY_FILE, osscb_open("redis:127.0.0.1:1", NULL, NULL, &cache));
    ANSWERS(OSSCB_ERROR_KEY_FILE, osscb_open("memory", "/nowhere/at/all.key", NULL, &cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open_with_deadline("memory", NULL, NULL, -1, &cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open_with_deadline("memory", NULL, NULL, 1001, &cache));
    CHECK(cache == NULL);
    ANSWERS(OSSCB_OK, osscb_open_with_deadline("memory", NULL, NULL, 1000, &cache));
    CHECK(cache != NULL);
    ANSWERS(OSSCB_OK, osscb_close(cache));
    ANSWERS(OSSCB_OK, osscb_open(in_folder("sqlite:", "sessions.db"), NULL, "shop", &cache));
    ANSWERS(OSSCB_OK, osscb_close(cache));
    CHECK(access(in_folder("", "sessions.db.key"), F_OK) == 0);
}

static void attaching(osscb_cache *cache, SSL_CTX *ctx)
{
    osscb_cache *other;

    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_attach(NULL, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_attach(cache, NULL));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_attach((osscb_cache *)folder, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_detach(cache, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_detach(cache, NULL));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_detach(NULL, ctx));
    ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
    ANSWERS(OSSCB_ERROR_OPENSSL, osscb_attach(cache, ctx));
    ANSWERS(OSSCB_OK, osscb_open("memory", NULL, NULL, &other));
    ANSWERS(OSSCB_ERROR_OPENSSL, osscb_attach(other, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_detach(other, ctx));
    ANSWERS(OSSCB_OK, osscb_detach(cache, ctx));
    ANSWERS(OSSCB_OK, osscb_attach(other, ctx));
    ANSWERS(OSSCB_OK, osscb_close(other));
    ANSWERS(OSSCB_OK, osscb_attach(cache, ctx));
}

/* A header that knows less than the library is filled as far as it goes; one that knows more gets 0. */
static void statistics_of_each_size(osscb_cache *cache)
{
    struct {
        osscb_statistics known;
        unsigned char unknown[64];
    } room;

    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_get_statistics(cache, NULL));
    room.known.size = sizeof(size_t) - 1;
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_get_statistics(cache, &room.known));
    room.known.size = 4097;
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_get_statistics(cache, &room.known));
    room.known.size = sizeof room.known;
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_get_statistics(NULL, &room.known));

    for (size_t size = sizeof(size_t); size <= sizeof room; size++) {
        memset(&room, 0xee, sizeof room);
        room.known.size = size;
        ANSWERS(OSSCB_OK, osscb_get_statistics(cache, &room.known));
        CHECK(room.known.size == size);
        for (size_t i = sizeof(size_t); i < sizeof room; i++)
            CHECK(((unsigned char *)&room)[i] == (i < size ? 0 : 0xee));
    }
}

static void closing(osscb_cache *cache, SSL_CTX *ctx)
{
    osscb_statistics statistics = {.size = sizeof statistics};

    ANSWERS(OSSCB_OK, osscb_close(cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_close(cache));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_close(NULL));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_attach(cache, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_detach(cache, ctx));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_get_statistics(cache, &statistics));
}

static void *fail_on_another_thread(void *unused)
{
    (void)unused;
    CHECK(*osscb_last_error() == '\0');
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_close(NULL));
    return NULL;
}

static void errors_are_of_a_thread(void)
{
    char before[512];
    pthread_t thread;

    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_open("nonsense", NULL, NULL, &(osscb_cache *){NULL}));
    snprintf(before, sizeof before, "%s", osscb_last_error());
    CHECK(strstr(before, "nonsense") != NULL);
    CHECK(pthread_create(&thread, NULL, fail_on_another_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(strcmp(before, osscb_last_error()) == 0);
}

static void the_error_queue_stays_as_it_was(void)
{
    osscb_cache *cache;

    ERR_clear_error();
    ERR_put_error(ERR_LIB_USER, 0, 42, "", 0);
    ANSWERS(OSSCB_ERROR_STORE, osscb_open("sqlite:/nowhere/at/all.db", in_folder("", "a.key"), NULL, &cache));
    ANSWERS(OSSCB_OK, osscb_open("memory", NULL, NULL, &cache));
    ANSWERS(OSSCB_OK, osscb_close(cache));
    CHECK(ERR_GET_REASON(ERR_get_error()) == 42 && ERR_get_error() == 0);
}

int main(int argc, char **argv)
{
    osscb_cache *cache;
    SSL_CTX *ctx = tls_server();

    if (argc != 3)
        return 2;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    CHECK(strcmp(osscb_version(), argv[2]) == 0 && osscb_version() == osscb_version());
    CHECK(*osscb_last_error() == '\0');
    opening();
    ANSWERS(OSSCB_OK, osscb_open("memory", NULL, "shop", &cache));
    attaching(cache, ctx);
    statistics_of_each_size(cache);
    closing(cache, ctx);
    errors_are_of_a_thread();
    the_error_queue_stays_as_it_was();
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_set_log(NULL, NULL, 0));
    ANSWERS(OSSCB_ERROR_ARGUMENT, osscb_set_log(NULL, NULL, 4));
    ANSWERS(OSSCB_OK, osscb_set_log(NULL, NULL, OSSCB_LOG_ERROR));
    SSL_CTX_free(ctx);
    return check_failures != 0;
}
