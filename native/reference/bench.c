#include "bench.h"

#include "last_error.h"
#include "tls_pair.h"

typedef struct {
    uint64_t server_ns;
    int reused;
    SSL_SESSION *session; /* what the next connection can offer */
} outcome;

static int connect_once(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *offer, outcome *outcome)
{
    osr_pair *pair = osr_pair_new(server, client, offer);
    int done;

    if (pair == NULL)
        return 0;

    done = osr_pair_handshake(pair) && osr_pair_exchange(pair) && osr_pair_close(pair, OSR_CLOSE_NOTIFY);
    if (done) {
        outcome->server_ns = osr_pair_server_cpu_ns(pair);
        outcome->reused = SSL_session_reused(osr_pair_server(pair));
        outcome->session = osr_pair_client_session(pair);
    } else {
        osr_note_error(osr_pair_error(pair));
    }
    osr_pair_free(pair);
    return done;
}

int osr_bench(SSL_CTX *server, SSL_CTX *client, int resumed, int iterations, uint64_t *server_ns, int *reused_count)
{
    outcome last = { 0 };
    int made = 0;

    *reused_count = 0;
    if (resumed && !connect_once(server, client, NULL, &last))
        return 0;

    while (made < iterations) {
        outcome now = { 0 };

        if (!connect_once(server, client, resumed ? last.session : NULL, &now))
            break;
        SSL_SESSION_free(last.session);
        last = now;
        server_ns[made++] = now.server_ns;
        *reused_count += now.reused;
    }
    SSL_SESSION_free(last.session);
    return made;
}
