/*
 * A TLS server that shares its sessions: answers each connection with one line, whether its session was resumed.
 *
 *     cc server.c -o server -lopensslsessioncb -lssl -lcrypto
 *     ./server PORT CERTIFICATE.pem KEY.pem STORE KEY_FILE
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "openssl_session_cb.h"

static void on_log(int level, const char *text, void *argument)
{
    (void)argument;
    fprintf(stderr, "%s: %s\n", level == OSSCB_LOG_ERROR ? "error" : level == OSSCB_LOG_WARNING ? "warning" : "information", text);
}

static int listen_on(int port)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 128) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        perror("the port cannot be listened on");
        exit(1);
    }
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void serve(SSL_CTX *ctx, int socket)
{
    SSL *ssl = SSL_new(ctx);
    const char *answer;

    SSL_set_fd(ssl, socket);
    if (SSL_accept(ssl) == 1) {
        answer = SSL_session_reused(ssl) ? "resumed\n" : "full\n";
        SSL_write(ssl, answer, (int)strlen(answer));
        SSL_shutdown(ssl);
    } else {
        ERR_print_errors_fp(stderr);
    }
    SSL_free(ssl);
    close(socket);
}

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
}

int main(int argc, char **argv)
{
    osscb_statistics statistics;
    struct sigaction stop;
    osscb_cache *cache;
    SSL_CTX *ctx;
    int listener;

    if (argc != 6) {
        fprintf(stderr, "usage: server PORT CERTIFICATE KEY STORE KEY_FILE\n");
        return 2;
    }
    ctx = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(ctx, argv[2]) != 1 || SSL_CTX_use_PrivateKey_file(ctx, argv[3], SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        return 1;
    }

    /* The context is set up, and has had no connection yet. */
    osscb_set_log(on_log, NULL, OSSCB_LOG_INFORMATION);
    if (osscb_open(argv[4], argv[5], "example", &cache) != OSSCB_OK || osscb_attach(cache, ctx) != OSSCB_OK) {
        fprintf(stderr, "%s\n", osscb_last_error());
        return 1;
    }

    memset(&stop, 0, sizeof stop);
    stop.sa_handler = on_signal;
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    listener = listen_on(atoi(argv[1]));
    while (!stopping) {
        int client = accept(listener, NULL, NULL);

        if (client >= 0)
            serve(ctx, client);
    }

    statistics.size = sizeof statistics;
    if (osscb_get_statistics(cache, &statistics) == OSSCB_OK)
        printf("%llu sessions made, %llu of %llu found\n", (unsigned long long)statistics.created, (unsigned long long)statistics.hits,
               (unsigned long long)statistics.lookups);
    osscb_close(cache);
    SSL_CTX_free(ctx);
    close(listener);
    return 0;
}
