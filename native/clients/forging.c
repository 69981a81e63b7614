/*
 * Somebody who has seen the id of a session, and has neither its keys nor a certificate, offers it in a hello of TLS 1.2.
 *
 *     forging PORT SESSION.pem
 *
 * Says "resumed" or "full", and what the server answered to GET /.
 */
#include "../hosts/host.h"

#include <openssl/pem.h>

static SSL_SESSION *forge(SSL *ssl, const char *file)
{
    static const unsigned char key[48] = {1};
    FILE *stream = fopen(file, "r");
    SSL_SESSION *seen = stream == NULL ? NULL : PEM_read_SSL_SESSION(stream, NULL, NULL, NULL), *forged = SSL_SESSION_new();
    const unsigned char *id;
    size_t length;
    unsigned int id_length;

    if (seen == NULL)
        fail(file);
    id = SSL_SESSION_get_id(seen, &id_length);
    length = id_length;
    /* On TLS 1.3 the ticket of a server that keeps its sessions is the id. */
    if (SSL_SESSION_has_ticket(seen))
        SSL_SESSION_get0_ticket(seen, &id, &length);
    SSL_SESSION_set_protocol_version(forged, TLS1_2_VERSION);
    SSL_SESSION_set1_id(forged, id, (unsigned int)length);
    SSL_SESSION_set1_master_key(forged, key, sizeof key);
    SSL_SESSION_set_timeout(forged, 7200);
    SSL_SESSION_set_cipher(forged, sk_SSL_CIPHER_value(SSL_get1_supported_ciphers(ssl), 0));
    return forged;
}

int main(int argc, char **argv)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int connection = socket(AF_INET, SOCK_STREAM, 0), length;
    char answer[4096];
    SSL *ssl;

    if (argc != 3)
        return 2;
    server.sin_port = htons((unsigned short)atoi(argv[1]));
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    ssl = SSL_new(context);
    if (connect(connection, (struct sockaddr *)&server, sizeof server) != 0)
        fail(argv[1]);
    SSL_set_fd(ssl, connection);
    SSL_set_session(ssl, forge(ssl, argv[2]));
    if (SSL_connect(ssl) != 1)
        fail("no handshake");
    say(SSL_session_reused(ssl) ? "resumed" : "full");
    SSL_write(ssl, request, sizeof request - 1);
    while ((length = SSL_read(ssl, answer, sizeof answer - 1)) > 0) {
        answer[length] = '\0';
        fputs(answer, stdout);
    }
    return 0;
}
