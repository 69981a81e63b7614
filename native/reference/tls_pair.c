#include "pair_state.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/err.h>

#include "last_error.h"
#include "server_clock.h"

/* The wire has no MTU to ask for; this one is what an Ethernet path would answer. */
enum { DATAGRAM_MTU = 1400, CLIENT_HELLO_RETRY_SECONDS = 10 };

static SSL *ssl_of(const osr_pair *pair, enum osr_end end)
{
    return end == OSR_SERVER_END ? pair->server : pair->client;
}

static void connect_to_wire(osr_pair *pair, enum osr_end end)
{
    SSL *ssl = ssl_of(pair, end);
    BIO *bio = osr_wire_bio(pair->wire, end);

    SSL_set_bio(ssl, bio, bio);
    if (SSL_is_dtls(ssl)) {
        SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
        SSL_set_mtu(ssl, DATAGRAM_MTU);
    }
}

static int offer_copy(SSL *client, SSL_SESSION *offer)
{
    SSL_SESSION *copy = SSL_SESSION_dup(offer);
    int offered = copy != NULL && SSL_set_session(client, copy);

    SSL_SESSION_free(copy);
    return offered;
}

static int prepare(osr_pair *pair, SSL_CTX *server, SSL_CTX *client, SSL_SESSION *offer)
{
    pair->server = SSL_new(server);
    pair->client = SSL_new(client);
    if (pair->server == NULL || pair->client == NULL)
        return 0;

    pair->wire = osr_wire_new(SSL_is_dtls(pair->server));
    if (pair->wire == NULL)
        return 0;

    connect_to_wire(pair, OSR_SERVER_END);
    connect_to_wire(pair, OSR_CLIENT_END);
    SSL_set_accept_state(pair->server);
    SSL_set_connect_state(pair->client);
    return offer == NULL || offer_copy(pair->client, offer);
}

osr_pair *osr_pair_new(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *offer)
{
    osr_pair *pair = calloc(1, sizeof *pair);

    if (pair != NULL && prepare(pair, server, client, offer))
        return pair;

    osr_note_error("making a pair");
    osr_pair_free(pair);
    return NULL;
}

void osr_pair_free(osr_pair *pair)
{
    if (pair == NULL)
        return;
    SSL_free(pair->server);
    SSL_free(pair->client);
    osr_wire_free(pair->wire);
    free(pair);
}

static int act(SSL *ssl, osr_action action)
{
    unsigned char byte = '!';

    switch (action) {
    case OSR_HANDSHAKE:
        return SSL_do_handshake(ssl);
    case OSR_READ_BYTE:
        return SSL_read(ssl, &byte, 1);
    case OSR_WRITE_BYTE:
        return SSL_write(ssl, &byte, 1);
    default:
        return SSL_shutdown(ssl);
    }
}

int osr_pair_act(osr_pair *pair, enum osr_end end, osr_action action)
{
    uint64_t start;
    int result;

    /* SSL_get_error reads the queue: what an earlier call left there would be taken for this one's. */
    ERR_clear_error();
    if (end == OSR_CLIENT_END)
        return act(pair->client, action);

    start = osr_clock_now();
    result = act(pair->server, action);
    pair->server_cpu_ns += osr_clock_now() - start;
    return result;
}

int osr_pair_fail(osr_pair *pair, enum osr_end end, const char *what, int result)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

    snprintf(pair->error, sizeof pair->error, "%s %s: SSL error %d%s%s",
             end == OSR_SERVER_END ? "server" : "client", what, SSL_get_error(ssl_of(pair, end), result),
             reason != NULL ? ", " : "", reason != NULL ? reason : "");
    ERR_clear_error();
    return 0;
}

typedef enum { FINISHED, WAITING, RETRYING, FAILED } progress;

static progress advance(osr_pair *pair, enum osr_end end)
{
    SSL *ssl = ssl_of(pair, end);
    int result;

    if (SSL_is_init_finished(ssl))
        return FINISHED;

    result = osr_pair_act(pair, end, OSR_HANDSHAKE);
    if (result == 1)
        return FINISHED;

    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return WAITING;
    case SSL_ERROR_WANT_CLIENT_HELLO_CB:
        return RETRYING;
    default:
        osr_pair_fail(pair, end, "handshake", result);
        return FAILED;
    }
}

static int can_advance(const osr_pair *pair, enum osr_end end, progress last)
{
    return last == RETRYING || (last == WAITING && osr_wire_waiting(pair->wire, end) > 0);
}

int osr_pair_handshake(osr_pair *pair)
{
    time_t give_up = time(NULL) + CLIENT_HELLO_RETRY_SECONDS;

    for (;;) {
        progress client = advance(pair, OSR_CLIENT_END);
        progress server = advance(pair, OSR_SERVER_END);

        if (client == FINISHED && server == FINISHED)
            return 1;
        if (client == FAILED)
            return 0; /* the server has read the alert just now */
        if (server == FAILED) {
            char first[sizeof pair->error];

            snprintf(first, sizeof first, "%s", pair->error);
            advance(pair, OSR_CLIENT_END);
            snprintf(pair->error, sizeof pair->error, "%s", first);
            return 0;
        }
        if (!can_advance(pair, OSR_CLIENT_END, client) && !can_advance(pair, OSR_SERVER_END, server))
            return osr_pair_fail(pair, client == FINISHED ? OSR_SERVER_END : OSR_CLIENT_END, "is stuck", -1);
        if (server == RETRYING) {
            if (time(NULL) > give_up)
                return osr_pair_fail(pair, OSR_SERVER_END, "waits for its ClientHello callback", -1);
            sched_yield();
        }
    }
}

static int do_byte(osr_pair *pair, enum osr_end end, osr_action action, const char *what)
{
    int result = osr_pair_act(pair, end, action);

    return result == 1 || osr_pair_fail(pair, end, what, result);
}

int osr_pair_exchange(osr_pair *pair)
{
    return do_byte(pair, OSR_SERVER_END, OSR_WRITE_BYTE, "write")
        && do_byte(pair, OSR_CLIENT_END, OSR_READ_BYTE, "read")
        && do_byte(pair, OSR_CLIENT_END, OSR_WRITE_BYTE, "write")
        && do_byte(pair, OSR_SERVER_END, OSR_READ_BYTE, "read");
}

SSL *osr_pair_server(osr_pair *pair)
{
    return pair->server;
}

SSL *osr_pair_client(osr_pair *pair)
{
    return pair->client;
}

SSL_SESSION *osr_pair_client_session(osr_pair *pair)
{
    SSL_SESSION *session = SSL_get0_session(pair->client);

    return session != NULL ? SSL_SESSION_dup(session) : NULL;
}

uint64_t osr_pair_server_cpu_ns(const osr_pair *pair)
{
    return pair->server_cpu_ns;
}

const char *osr_pair_error(const osr_pair *pair)
{
    return pair->error;
}
