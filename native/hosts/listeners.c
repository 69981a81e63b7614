/*
 * Has a site for each listener, which trusts a CA of its own. Connections are made from one SSL_CTX, and moved to that of their site before
 * their first byte. All show the same certificate.
 *
 *     listeners CERTIFICATE KEY CA...
 */
#include "host.h"

#include <poll.h>
#include <signal.h>

enum { MOST = 4 };

int main(int argc, char **argv)
{
    struct pollfd listeners[MOST];
    SSL_CTX *base, *sites[MOST];
    int count = argc - 3;

    if (count < 1 || count > MOST)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    base = make_context(argv[1], argv[2], NULL);
    for (int i = 0; i < count; i++) {
        char name[16];
        int length = snprintf(name, sizeof name, "site %d", i);

        sites[i] = make_context(argv[1], argv[2], argv[3 + i]);
        SSL_CTX_set_session_id_context(sites[i], (const unsigned char *)name, (unsigned int)length);
        listeners[i].fd = listen_somewhere();
        listeners[i].events = POLLIN;
    }
    for (;;) {
        if (poll(listeners, (nfds_t)count, -1) < 0)
            fail("poll");
        for (int i = 0; i < count; i++) {
            SSL *ssl;

            if (listeners[i].revents == 0)
                continue;
            ssl = SSL_new(base);
            SSL_set_SSL_CTX(ssl, sites[i]);
            SSL_set_verify(ssl, SSL_CTX_get_verify_mode(sites[i]), NULL);
            serve_on(ssl, accept_one(listeners[i].fd));
        }
    }
}
