/* What a handshake costs the server: full, resumed from libssl's own cache, and resumed through the reference. */

#include <stdio.h>
#include <stdlib.h>

#include "osr.h"

enum { SLICE = 50, SLICES = 20, SAMPLES = SLICE * SLICES, CASES = 3 };

typedef struct {
    const char *name;
    SSL_CTX *server;
    int resumed;
    uint64_t ns[SAMPLES];
} contender;

static int by_size(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void run_slice(contender *contender, SSL_CTX *client, int slice)
{
    uint64_t *ns = contender->ns + slice * SLICE;
    int reused;
    int made = osr_bench(contender->server, client, contender->resumed, SLICE, ns, &reused);

    if (made == SLICE && reused == (contender->resumed ? SLICE : 0))
        return;
    fprintf(stderr, "%s: %d made, %d reused: %s\n", contender->name, made, reused, osr_last_error());
    exit(1);
}

static SSL_CTX *make_server(int version, int mtls, osr_cache *cache)
{
    SSL_CTX *server = osr_server_ctx(version, "p256", mtls);

    if (server == NULL)
        exit(1);
    if (cache == NULL) {
        SSL_CTX_set_options(server, SSL_OP_NO_TICKET);
        return server;
    }
    osr_ctx_external_sessions(server);
    osr_cache_attach(cache, server);
    return server;
}

static void compare(const char *protocol, int version, int mtls)
{
    static contender contenders[CASES];
    osr_cache *cache = osr_cache_new(1 << 16);
    SSL_CTX *client = osr_client_ctx(version, mtls);
    SSL_CTX *internal = make_server(version, mtls, NULL), *external = make_server(version, mtls, cache);

    contenders[0] = (contender){ .name = "full, reference", .server = external };
    contenders[1] = (contender){ .name = "resumed, libssl's own cache", .server = internal, .resumed = 1 };
    contenders[2] = (contender){ .name = "resumed, reference", .server = external, .resumed = 1 };

    /* In turns, so that whatever else the machine does falls on all alike. */
    for (int slice = 0; slice < SLICES; slice++)
        for (int i = 0; i < CASES; i++)
            run_slice(&contenders[i], client, slice);

    for (int i = 0; i < CASES; i++) {
        qsort(contenders[i].ns, SAMPLES, sizeof contenders[i].ns[0], by_size);
        printf("%-8s %-12s %-28s %8.1f %8.1f %8.1f\n", protocol, mtls ? "client cert" : "", contenders[i].name,
               contenders[i].ns[SAMPLES / 10] / 1e3, contenders[i].ns[SAMPLES / 2] / 1e3,
               contenders[i].ns[SAMPLES * 9 / 10] / 1e3);
    }
    SSL_CTX_free(client);
    SSL_CTX_free(internal);
    SSL_CTX_free(external);
    osr_cache_free(cache);
}

int main(void)
{
    printf("%s, P-256; server us per connection: 10 %%, median, 90 %% of %d\n", OpenSSL_version(OPENSSL_VERSION), SAMPLES);
    printf("reading the clock: %llu ns", (unsigned long long)osr_clock_cost_ns());
    osr_use_clock(OSR_CLOCK_MONOTONIC);
    printf(" (monotonic: %llu ns)\n", (unsigned long long)osr_clock_cost_ns());
    osr_use_clock(OSR_CLOCK_THREAD_CPU);

    for (int mtls = 0; mtls <= 1; mtls++) {
        compare("TLS 1.2", TLS1_2_VERSION, mtls);
        compare("TLS 1.3", TLS1_3_VERSION, mtls);
        compare("DTLS 1.2", DTLS1_2_VERSION, mtls);
    }
    return 0;
}
