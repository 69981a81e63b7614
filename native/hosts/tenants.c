/*
 * Keeps the clients of its tenants apart by session id contexts, under one certificate. Each tenant has a port of its own.
 *
 *     tenants CERTIFICATE KEY connections|contexts NAME...
 *
 * connections: each connection is given its tenant's. contexts: each tenant has an SSL_CTX, which is. It sets the mode of its session
 * caches again after each connection, as servers do that apply their settings anew.
 */
#include "host.h"

#include <poll.h>
#include <signal.h>

enum { MOST = 4 };

int main(int argc, char **argv)
{
    struct pollfd listeners[MOST];
    SSL_CTX *contexts[MOST];
    int count = argc - 4, by_connections;

    if (count < 1 || count > MOST)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    by_connections = strcmp(argv[3], "connections") == 0;
    for (int i = 0; i < count; i++) {
        const unsigned char *name = (const unsigned char *)argv[4 + i];

        contexts[i] = by_connections && i > 0 ? contexts[0] : make_context(argv[1], argv[2], NULL);
        if (!by_connections && SSL_CTX_set_session_id_context(contexts[i], name, (unsigned int)strlen(argv[4 + i])) != 1)
            fail(argv[4 + i]);
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
            ssl = SSL_new(contexts[i]);
            if (by_connections)
                SSL_set_session_id_context(ssl, (const unsigned char *)argv[4 + i], (unsigned int)strlen(argv[4 + i]));
            serve_on(ssl, accept_one(listeners[i].fd));
            SSL_CTX_set_session_cache_mode(contexts[i], SSL_SESS_CACHE_SERVER);
        }
    }
}
