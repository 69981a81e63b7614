#include "pair_state.h"

/* A record header with 32 bytes that no key decrypts: too long to be refused for its length alone. */
static const unsigned char corrupt_record[5 + 32] = { SSL3_RT_APPLICATION_DATA, 3, 3, 0, 32 };

static int close_with_notify(osr_pair *pair)
{
    int result;

    /* 0 from the first call: sent, and the peer's not yet read. */
    osr_pair_act(pair, OSR_SERVER_END, OSR_SHUTDOWN);
    osr_pair_act(pair, OSR_CLIENT_END, OSR_SHUTDOWN);
    result = osr_pair_act(pair, OSR_SERVER_END, OSR_SHUTDOWN);
    return result == 1 || osr_pair_fail(pair, OSR_SERVER_END, "shutdown", result);
}

static int close_without_a_word(osr_pair *pair)
{
    SSL_free(pair->server);
    pair->server = NULL;
    return 1;
}

/* Reads once; the read has to fail in this way. */
static int read_fails(osr_pair *pair, enum osr_end end, int fatal)
{
    SSL *ssl = end == OSR_SERVER_END ? pair->server : pair->client;
    int result = osr_pair_act(pair, end, OSR_READ_BYTE);
    int error = SSL_get_error(ssl, result);

    if (error == SSL_ERROR_SSL || (!fatal && error == SSL_ERROR_SYSCALL))
        return 1;
    return osr_pair_fail(pair, end, "read", result);
}

static int close_at_transport(osr_pair *pair)
{
    osr_wire_end_stream(pair->wire, OSR_SERVER_END);
    /* An error of libssl's own since 3.0, SSL_ERROR_SYSCALL before. */
    return read_fails(pair, OSR_SERVER_END, 0);
}

static int close_with_alert(osr_pair *pair, enum osr_end victim)
{
    osr_wire_inject(pair->wire, victim, corrupt_record, sizeof corrupt_record);
    return read_fails(pair, victim, 1) && (victim == OSR_SERVER_END || read_fails(pair, OSR_SERVER_END, 1));
}

int osr_pair_close(osr_pair *pair, int how)
{
    switch (how) {
    case OSR_CLOSE_NOTIFY:
        return close_with_notify(pair);
    case OSR_CLOSE_NONE:
        return close_without_a_word(pair);
    case OSR_CLOSE_EOF:
        return close_at_transport(pair);
    case OSR_CLOSE_ALERT_SENT:
        return close_with_alert(pair, OSR_SERVER_END);
    case OSR_CLOSE_ALERT_RECEIVED:
        return close_with_alert(pair, OSR_CLIENT_END);
    default:
        return osr_pair_fail(pair, OSR_SERVER_END, "close: unknown way", -1);
    }
}
