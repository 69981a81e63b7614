/*
 * Notes on its clients' sessions, when a full handshake is over, that they are not to get far, and takes those without a note for good.
 *
 *     noting CERTIFICATE KEY note|remove|shorten|age|other-context|abrupt|nothing|no-tickets
 *
 * Without tickets, since a ticket takes no note along. It says "let in" of each client that resumes without a note. remove: it takes
 * the session back in place of a note. shorten: the session ends in a second. age: it is as old as if it had ended. other-context: it
 * is for another context. abrupt: the connection ends without a goodbye. nothing: it does neither. no-tickets: neither, and it gives
 * out no tickets on TLS 1.3.
 */
#include "host.h"

#include <signal.h>

int main(int argc, char **argv)
{
    static char note[] = "restricted";
    SSL_CTX *context;
    int listener, slot;

    if (argc != 4)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    context = make_context(argv[1], argv[2], NULL);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (strcmp(argv[3], "no-tickets") == 0)
        SSL_CTX_set_num_tickets(context, 0);
    slot = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    listener = listen_somewhere();
    for (;;) {
        SSL *ssl = SSL_new(context);
        int connection = accept_one(listener);
        char rest[256];

        SSL_set_fd(ssl, connection);
        if (SSL_accept(ssl) == 1) {
            SSL_SESSION *session = SSL_get_session(ssl);

            if (!SSL_session_reused(ssl)) {
                if (strcmp(argv[3], "note") == 0)
                    SSL_SESSION_set_ex_data(session, slot, note);
                else if (strcmp(argv[3], "shorten") == 0)
                    SSL_SESSION_set_timeout(session, 1);
                else if (strcmp(argv[3], "age") == 0)
                    SSL_SESSION_set_time(session, 1);
                else if (strcmp(argv[3], "other-context") == 0)
                    SSL_SESSION_set1_id_context(session, (const unsigned char *)"other", 5);
                else if (strcmp(argv[3], "remove") == 0)
                    SSL_CTX_remove_session(context, session);
            } else if (SSL_SESSION_get_ex_data(session, slot) == NULL) {
                say("let in");
            }
        }
        if (strcmp(argv[3], "abrupt") == 0) {
            SSL_write(ssl, SSL_session_reused(ssl) ? "0 resumed\n" : "0 full\n", SSL_session_reused(ssl) ? 10 : 7);
            shutdown(connection, SHUT_WR);
            /* Until the client has read it: a reset would take the ticket away from it. */
            while (read(connection, rest, sizeof rest) > 0) {
            }
            SSL_free(ssl);
            close(connection);
            continue;
        }
        serve_on(ssl, connection);
    }
}
