/* Runs the facts that the reference must show, on every protocol. Prints the transcripts; exits 1 on a difference. */

#include <pthread.h>
#include <stdio.h>

#include "selftest_scene.h"

static const protocol protocols[] = {
    { "TLS 1.2", TLS1_2_VERSION, 0 },          { "TLS 1.2, client certificate", TLS1_2_VERSION, 1 },
    { "TLS 1.3", TLS1_3_VERSION, 0 },          { "TLS 1.3, client certificate", TLS1_3_VERSION, 1 },
    { "DTLS 1.2", DTLS1_2_VERSION, 0 },        { "DTLS 1.2, client certificate", DTLS1_2_VERSION, 1 },
};

/* S1, S21: a full handshake, then a resumed one. */
static void full_then_resumed(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    SSL_SESSION *first = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);
    SSL_SESSION *second = connect_once(&scene, first, 1, OSR_CLOSE_NOTIFY);
    osr_counts counts;

    osr_cache_counts(scene.cache, &counts);
    CHECK(counts.get == 1 && counts.hit == 1 && counts.removed == 0);
    CHECK(counts.new == (is_tls13(&scene) ? 3 : 1) && counts.count == counts.new);
    expect(&scene, "full, then resumed from the cache",
           is_tls13(&scene) ? NEW("s1", 0) NEW("s2", 0) "get s2 len=32 hit\n" NEW("s3", 1)
                            : NEW("s1", 0) "get s1 len=32 hit\n");
    SSL_SESSION_free(first);
    SSL_SESSION_free(second);
    close_scene(&scene);
}

/* A session that another server made resumes here, if both share the cache; if not, it is a miss. */
static void two_servers(const protocol *protocol)
{
    scene here = open_scene(protocol), there = open_scene(protocol);
    SSL_SESSION *first = connect_once(&here, NULL, 0, OSR_CLOSE_NOTIFY), *second, *third;

    osr_cache_clear_transcript(here.cache);
    second = connect_once(&there, first, 0, OSR_CLOSE_NOTIFY);
    expect(&there, "a stranger's session",
           is_tls13(&there) ? "get ?1 len=32 miss\n" NEW("s2", 0) NEW("s3", 0) : "get ?1 len=32 miss\n" NEW("s2", 0));

    osr_cache_detach(there.server);
    osr_cache_attach(here.cache, there.server);
    third = connect_once(&there, first, 1, OSR_CLOSE_NOTIFY);
    expect(&here, "the same, with the cache shared",
           is_tls13(&here) ? "get ?1 len=32 hit\n" NEW("s2", 1) : "get ?1 len=32 hit\n");

    SSL_SESSION_free(first);
    SSL_SESSION_free(second);
    SSL_SESSION_free(third);
    close_scene(&there);
    close_scene(&here);
}

/* S3: without close_notify from the server the session is gone, in TLS 1.3 that of the last ticket. */
static void each_close(const protocol *protocol)
{
    static const char *const names[] = { "close_notify", "freed", "end of stream", "alert sent", "alert received" };
    int ways = protocol->version == DTLS1_2_VERSION ? OSR_CLOSE_EOF : OSR_CLOSE_ALERT_RECEIVED;

    for (int how = OSR_CLOSE_NONE; how <= ways; how++) {
        scene scene = open_scene(protocol);
        SSL_SESSION *lost = connect_once(&scene, NULL, 0, how), *kept;
        osr_counts counts;

        osr_cache_counts(scene.cache, &counts);
        CHECK(counts.removed == 1 && counts.count == counts.new - 1);
        expect(&scene, names[how], is_tls13(&scene) ? NEW("s1", 0) NEW("s2", 0) "remove s2 resumable=0\n"
                                                    : NEW("s1", 0) "remove s1 resumable=0\n");
        osr_cache_keep_on_remove(scene.cache, 1);
        SSL_SESSION_free(connect_once(&scene, lost, 0, how));
        expect(&scene, "and offered again", is_tls13(&scene)
                   ? "get ?1 len=32 miss\n" NEW("s2", 0) NEW("s3", 0) "remove s3 resumable=0\n"
                   : "get ?1 len=32 miss\n" NEW("s2", 0) "remove s2 resumable=0\n");

        /* Kept on remove: it can be had again. */
        kept = connect_once(&scene, NULL, 0, how);
        SSL_SESSION_free(connect_once(&scene, kept, 1, OSR_CLOSE_NOTIFY));
        SSL_SESSION_free(kept);
        SSL_SESSION_free(lost);
        close_scene(&scene);
    }
}

/* A bad end spoils neither the session that the caller offered nor, if told to keep it, the one in the cache. */
static void offered_again(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    SSL_SESSION *offer = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);

    osr_cache_keep_on_remove(scene.cache, 1);
    for (int i = 0; i < 2; i++)
        SSL_SESSION_free(connect_once(&scene, offer, 1, OSR_CLOSE_EOF));
    SSL_SESSION_free(offer);
    close_scene(&scene);
}

/* A client's context with the cache on it: its sessions are not the server's to give out. */
static void client_sessions(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    osr_counts counts;

    SSL_CTX_set_session_cache_mode(scene.client, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_set_session_cache_mode(scene.server, SSL_SESS_CACHE_OFF);
    osr_cache_attach(scene.cache, scene.client);
    SSL_SESSION_free(connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY));
    osr_cache_counts(scene.cache, &counts);
    CHECK(counts.new == 0 && counts.count == 0);
    close_scene(&scene);
}

/* S2, S20: with libssl's own tickets the get callback is never asked. */
static void tickets(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    SSL_SESSION *first, *second;

    SSL_CTX_clear_options(scene.server, SSL_OP_NO_TICKET);
    first = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);
    second = connect_once(&scene, first, 1, OSR_CLOSE_NOTIFY);
    expect(&scene, "full, then resumed from a ticket",
           is_tls13(&scene) ? NEW("s1", 0) NEW("s2", 0) NEW("s3", 1) : "");
    SSL_SESSION_free(first);
    SSL_SESSION_free(second);
    close_scene(&scene);
}

/* S25: the get callback is asked once for each ClientHello. S28: no tickets, no sessions. */
static void hello_retry_and_no_tickets(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    SSL_SESSION *first = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);

    CHECK(SSL_CTX_set1_groups_list(scene.client, "P-256:P-384"));
    CHECK(SSL_CTX_set1_groups_list(scene.server, "P-384"));
    SSL_SESSION_free(connect_once(&scene, first, 1, OSR_CLOSE_NOTIFY));
    expect(&scene, "resumed after a HelloRetryRequest",
           NEW("s1", 0) NEW("s2", 0) "get s2 len=32 hit\nget s2 len=32 hit\n" NEW("s3", 1));
    SSL_SESSION_free(first);

    SSL_CTX_set_num_tickets(scene.server, 0);
    SSL_SESSION_free(connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY));
    expect(&scene, "num_tickets 0", "");
    close_scene(&scene);
}

/* S7: whoever asks for certificates without a session id context is told of no session. */
static void no_session_id_context(const protocol *protocol)
{
    scene scene = open_scene(protocol);

    CHECK(SSL_CTX_set_session_id_context(scene.server, (const unsigned char *)"", 0));
    SSL_SESSION_free(connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY));
    expect(&scene, "client certificate, no session id context", "");
    close_scene(&scene);
}

/* The client hello callback may ask for time: the pair calls again until it is content. */
static int third_time(SSL *ssl, int *alert, void *calls)
{
    (void)ssl, (void)alert;
    return ++*(int *)calls < 3 ? SSL_CLIENT_HELLO_RETRY : SSL_CLIENT_HELLO_SUCCESS;
}

static void client_hello_retry(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    SSL_SESSION *first = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);
    int calls = 0;

    SSL_CTX_set_client_hello_cb(scene.server, third_time, &calls);
    SSL_SESSION_free(connect_once(&scene, first, 1, OSR_CLOSE_NOTIFY));
    CHECK(calls == 3);
    SSL_SESSION_free(first);
    close_scene(&scene);
}

/* The count must go up by one for each new, copied and decoded session, and down again. */
static void live_count(const protocol *protocol, SSL_SESSION *from_before)
{
    long start = osr_live_sessions();
    scene scene = open_scene(protocol);
    SSL_SESSION *session = connect_once(&scene, NULL, 0, OSR_CLOSE_NOTIFY);
    SSL_SESSION *copy = SSL_SESSION_dup(session), *copy_from_before = SSL_SESSION_dup(from_before), *decoded;
    unsigned char *der = NULL;
    const unsigned char *cursor;
    int length = i2d_SSL_SESSION(session, &der);

    cursor = der;
    decoded = d2i_SSL_SESSION(NULL, &cursor, length);
    CHECK(osr_live_sessions() == start + 4);
    SSL_SESSION_free(copy_from_before);
    SSL_SESSION_free(decoded);
    CHECK(osr_live_sessions() == start + 2);
    SSL_SESSION_free(session);
    CHECK(osr_live_sessions() == start + 1);
    SSL_SESSION_free(copy);
    OPENSSL_free(der);
    close_scene(&scene);
    CHECK(osr_live_sessions() == start);
}

enum { THREADS = 4, CONNECTIONS = 20 };

static void *resume_often(void *argument)
{
    scene *scene = argument;
    uint64_t server_ns[CONNECTIONS];
    int reused = 0;

    osr_bench(scene->server, scene->client, 1, CONNECTIONS, server_ns, &reused);
    return (void *)(intptr_t)reused;
}

/* Threads meet in one cache and on one context. */
static void many_threads(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, resume_often, &scene) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *reused;

        CHECK(pthread_join(threads[i], &reused) == 0);
        CHECK((intptr_t)reused == CONNECTIONS);
    }
    close_scene(&scene);
}

static void benchmark_resumes(const protocol *protocol)
{
    scene scene = open_scene(protocol);
    uint64_t server_ns[3] = { 0 };
    int reused = -1;

    CHECK(osr_bench(scene.server, scene.client, 0, 3, server_ns, &reused) == 3 && reused == 0);
    CHECK(osr_bench(scene.server, scene.client, 1, 3, server_ns, &reused) == 3 && reused == 3);
    CHECK(server_ns[0] > 0 && server_ns[2] > 0);
    close_scene(&scene);
}

/* An uncounted session, with a value in a later slot: only then does a copy of it get its value for the count's. */
static void give_value(SSL_SESSION *from_before)
{
    int later = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_SESSION, 0, NULL, NULL, NULL, NULL);

    CHECK(SSL_SESSION_set_ex_data(from_before, later, &failures));
}

int main(void)
{
    SSL_SESSION *from_before = SSL_SESSION_new();
    long start;

    osr_live_sessions_start();
    give_value(from_before);
    start = osr_live_sessions();
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        const protocol *protocol = &protocols[i];

        full_then_resumed(protocol);
        two_servers(protocol);
        each_close(protocol);
        offered_again(protocol);
        client_sessions(protocol);
        tickets(protocol);
        if (protocol->version == TLS1_3_VERSION)
            hello_retry_and_no_tickets(protocol);
        if (protocol->mtls)
            no_session_id_context(protocol);
        client_hello_retry(protocol);
        live_count(protocol, from_before);
        benchmark_resumes(protocol);
        many_threads(protocol);
    }
    CHECK(osr_live_sessions() == start);
    SSL_SESSION_free(from_before);
    CHECK(osr_live_sessions() == start);

    printf("%s: %s, %d failed\n", failures == 0 ? "passed" : "FAILED", OpenSSL_version(OPENSSL_VERSION), failures);
    return failures != 0;
}
