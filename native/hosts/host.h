/*
 * What the small servers in this folder have in common. They are hosts for tests: each plays a kind of server that exists, knows nothing
 * of this project, and is preloaded. They answer a connection with one line: the process id, and whether the session was resumed.
 */
#ifndef HOST_H
#define HOST_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

/* A test reads what a host says line by line, from a pipe. */
__attribute__((unused, format(printf, 1, 2))) static void say(const char *format, ...)
{
    char line[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    line[length] = '\n';
    if (write(STDOUT_FILENO, line, (size_t)length + 1) < 0)
        _exit(3);
}

__attribute__((unused)) static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    ERR_print_errors_fp(stderr);
    exit(2);
}

/* The CA of clients, or NULL: clients show no certificate. */
__attribute__((unused)) static SSL_CTX *make_context(const char *certificate, const char *key, const char *client_ca)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL || SSL_CTX_use_certificate_chain_file(context, certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        fail("the certificate cannot be used");
    if (client_ca != NULL) {
        if (SSL_CTX_load_verify_locations(context, client_ca, NULL) != 1)
            fail("the client CA cannot be used");
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

/* On a free port, which is said. */
__attribute__((unused)) static int listen_somewhere(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 512) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        fail("no port can be listened on");
    say("listening on 127.0.0.1:%d", ntohs(address.sin_port));
    return listener;
}

__attribute__((unused)) static int accept_one(int listener)
{
    int connection;

    do
        connection = accept(listener, NULL, NULL);
    while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (connection < 0)
        fail("accept");
    return connection;
}

/* One connection from its handshake to its end. Answers whether there was a handshake: tests also knock without one. */
__attribute__((unused)) static int serve_on(SSL *ssl, int connection)
{
    int served, on = 1;

    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL_set_fd(ssl, connection);
    served = SSL_accept(ssl) == 1;
    if (served) {
        char answer[64], request[16];
        int length = snprintf(answer, sizeof answer, "%ld %s\n", (long)getpid(), SSL_session_reused(ssl) ? "resumed" : "full");

        SSL_write(ssl, answer, length);
        SSL_shutdown(ssl);
        /* Until the client has read it: a reset would take the tickets away from it. */
        while (SSL_read(ssl, request, sizeof request) > 0) {
        }
    }
    ERR_clear_error();
    SSL_free(ssl);
    close(connection);
    return served;
}

__attribute__((unused)) static int serve(SSL_CTX *context, int connection)
{
    return serve_on(SSL_new(context), connection);
}

/* A whole handshake between two connections in memory, and a little data: what the other threads of a busy server do. */
__attribute__((unused)) static void shake_hands_in_memory(SSL_CTX *context, SSL_CTX *clients)
{
    SSL *server = SSL_new(context), *client = SSL_new(clients);
    BIO *server_end, *client_end;
    char byte;

    BIO_new_bio_pair(&server_end, 0, &client_end, 0);
    SSL_set_bio(server, server_end, server_end);
    SSL_set_bio(client, client_end, client_end);
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    for (int i = 0; i < 20 && !(SSL_is_init_finished(server) && SSL_is_init_finished(client)); i++) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
    }
    SSL_write(server, "x", 1);
    SSL_read(client, &byte, 1);
    SSL_shutdown(server);
    ERR_clear_error();
    SSL_free(client);
    SSL_free(server);
}

#endif
