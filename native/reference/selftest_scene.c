#include "selftest_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int failures;

void check(int holds, const char *condition, int line)
{
    if (holds)
        return;
    printf("  FAILED, line %d: %s (%s)\n", line, condition, osr_last_error());
    failures++;
}

scene open_scene(const protocol *protocol)
{
    scene scene = { .protocol = protocol, .cache = osr_cache_new(64) };

    scene.server = osr_server_ctx(protocol->version, "p256", protocol->mtls);
    scene.client = osr_client_ctx(protocol->version, protocol->mtls);
    if (scene.cache == NULL || scene.server == NULL || scene.client == NULL) {
        fprintf(stderr, "%s: %s\n", protocol->name, osr_last_error());
        exit(1);
    }
    osr_ctx_external_sessions(scene.server);
    osr_cache_record(scene.cache, 1);
    osr_cache_attach(scene.cache, scene.server);
    return scene;
}

void close_scene(scene *scene)
{
    SSL_CTX_free(scene->server);
    SSL_CTX_free(scene->client);
    osr_cache_free(scene->cache);
}

SSL_SESSION *connect_once(scene *scene, SSL_SESSION *offer, int reused, int how)
{
    osr_pair *pair = osr_pair_new(scene->server, scene->client, offer);
    SSL_SESSION *session;

    CHECK(pair != NULL);
    CHECK(osr_pair_handshake(pair));
    CHECK(osr_pair_exchange(pair));
    CHECK(SSL_session_reused(osr_pair_server(pair)) == reused);
    /* Of a client's chain a session keeps the leaf, and of the verification its result. */
    CHECK(!scene->protocol->mtls || SSL_SESSION_get0_peer(SSL_get_session(osr_pair_server(pair))) != NULL);
    CHECK(SSL_get_verify_result(osr_pair_server(pair)) == X509_V_OK);
    session = osr_pair_client_session(pair);
    CHECK(osr_pair_close(pair, how));
    if (*osr_pair_error(pair) != '\0')
        printf("  %s\n", osr_pair_error(pair));
    osr_pair_free(pair);
    return session;
}

void expect(scene *scene, const char *what, const char *expected)
{
    char actual[1024], wanted[1024], version[5];
    char *field;

    osr_cache_transcript(scene->cache, actual, sizeof actual);
    osr_cache_clear_transcript(scene->cache);
    snprintf(wanted, sizeof wanted, "%s", expected);
    snprintf(version, sizeof version, "%04x", (unsigned int)scene->protocol->version);
    while ((field = strstr(wanted, "VVVV")) != NULL)
        memcpy(field, version, 4);

    printf("%s: %s\n%s", scene->protocol->name, what, actual);
    if (strcmp(actual, wanted) != 0) {
        printf("  FAILED, expected:\n%s", wanted);
        failures++;
    }
}

int is_tls13(const scene *scene)
{
    return scene->protocol->version == TLS1_3_VERSION;
}
