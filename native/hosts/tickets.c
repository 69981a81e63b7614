/*
 * Judges its clients when they come back with a ticket, and takes none: SSL_CTX_set_session_ticket_cb, for which libssl has no getter.
 *
 *     tickets CERTIFICATE KEY [plain]
 *
 * plain: it does not judge.
 */
#include "host.h"

#include <signal.h>

static int make(SSL *ssl, void *argument)
{
    (void)argument;
    return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), "user", 4);
}

static SSL_TICKET_RETURN judge(
    SSL *ssl, SSL_SESSION *session, const unsigned char *name, size_t length, SSL_TICKET_STATUS status, void *argument)
{
    (void)ssl, (void)session, (void)name, (void)length, (void)argument;
    return status == SSL_TICKET_EMPTY || status == SSL_TICKET_NO_DECRYPT ? SSL_TICKET_RETURN_IGNORE_RENEW : SSL_TICKET_RETURN_IGNORE;
}

int main(int argc, char **argv)
{
    SSL_CTX *context;
    int listener;

    if (argc < 3)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    context = make_context(argv[1], argv[2], NULL);
    if (argc == 3)
        SSL_CTX_set_session_ticket_cb(context, make, judge, NULL);
    listener = listen_somewhere();
    for (;;)
        serve(context, accept_one(listener));
}
