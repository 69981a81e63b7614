/*
 * Puts a name into its clients' tickets, and judges those that come back by it: SSL_CTX_set_session_ticket_cb.
 *
 *     tickets CERTIFICATE KEY LOCKED
 *
 * While the file LOCKED exists, no ticket is taken. One whose data is not as it was put there is never taken, and said.
 */
#include "host.h"

#include <signal.h>

static const char data[] = "the user's name";
static const char *locked;

static int make(SSL *ssl, void *argument)
{
    return argument == data && SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), data, sizeof data);
}

static SSL_TICKET_RETURN judge(
    SSL *ssl, SSL_SESSION *session, const unsigned char *name, size_t length, SSL_TICKET_STATUS status, void *argument)
{
    void *found = NULL;
    size_t size = 0;

    (void)ssl, (void)name, (void)length;
    if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    if (argument != data || SSL_SESSION_get0_ticket_appdata(session, &found, &size) != 1 || size != sizeof data
        || memcmp(found, data, size) != 0) {
        say("strange data of %zu bytes", size);
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    }
    if (access(locked, F_OK) == 0)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW;
}

int main(int argc, char **argv)
{
    SSL_CTX *context;
    int listener;

    if (argc != 4)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    locked = argv[3];
    context = make_context(argv[1], argv[2], NULL);
    SSL_CTX_set_session_ticket_cb(context, make, judge, (void *)data);
    listener = listen_somewhere();
    for (;;)
        serve(context, accept_one(listener));
}
