/*
 * A TLS server that shares its sessions: answers each connection with one line, whether its session was resumed.
 *
 *     cc server.c -o server -lopensslsessioncb -lssl -lcrypto
 *     ./server PORT CERTIFICATE.pem KEY.pem STORE KEY_FILE
 *
 * Or, with the pkg-config file that lies beside the library: cc server.c -o server $(pkg-config --cflags --libs opensslsessioncb)
 * PORT 0 takes one that is free. SIGTERM and SIGINT end it. One connection at a time: it is to show the six lines that matter.
 */
#define _POSIX_C_SOURCE 200809L

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "openssl_session_cb.h"

enum { PATIENCE_SECONDS = 10 };

static volatile sig_atomic_t stopping;
static int listener = -1;

/* On whichever thread it comes, before accept or in it: accept then answers an error. */
static void on_signal(int number)
{
    (void)number;
    stopping = 1;
    shutdown(listener, SHUT_RDWR);
}

static void on_log(int level, const char *text, void *argument)
{
    (void)argument;
    fprintf(stderr, "%s: %s\n", level == OSSCB_LOG_ERROR ? "error" : level == OSSCB_LOG_WARNING ? "warning" : "information", text);
}

/* Answers the port, or -1. */
static int listen_on(int port)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int on = 1;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(listener, (struct sockaddr *)&address, length) != 0
        || listen(listener, 128) != 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    return ntohs(address.sin_port);
}

static SSL_CTX *make_context(const char *certificate, const char *key)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (ctx != NULL && SSL_CTX_use_certificate_chain_file(ctx, certificate) == 1
        && SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1)
        return ctx;
    fprintf(stderr, "The certificate %s and the key %s cannot be used: %s.\n", certificate, key, ERR_error_string(ERR_peek_error(), NULL));
    SSL_CTX_free(ctx);
    return NULL;
}

static void serve(SSL_CTX *ctx, int client)
{
    struct timeval patience = {PATIENCE_SECONDS, 0};
    SSL *ssl = SSL_new(ctx);

    /* A client that says nothing must not keep the others waiting. */
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (ssl != NULL && SSL_set_fd(ssl, client) == 1 && SSL_accept(ssl) == 1) {
        const char *answer = SSL_session_reused(ssl) ? "resumed\n" : "full\n";

        SSL_write(ssl, answer, (int)strlen(answer));
        SSL_shutdown(ssl);
    } else {
        ERR_print_errors_fp(stderr);
    }
    SSL_free(ssl);
    close(client);
}

static void stop_on_signals(void)
{
    struct sigaction stop;

    memset(&stop, 0, sizeof stop);
    stop.sa_handler = on_signal;
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void serve_until_stopped(SSL_CTX *ctx)
{
    while (!stopping) {
        int client = accept(listener, NULL, NULL);

        if (client >= 0)
            serve(ctx, client);
    }
}

static void print_statistics(osscb_cache *cache)
{
    osscb_statistics statistics;

    statistics.size = sizeof statistics;
    if (osscb_get_statistics(cache, &statistics) == OSSCB_OK)
        printf("%llu sessions made, %llu of %llu found\n", (unsigned long long)statistics.created, (unsigned long long)statistics.hits,
               (unsigned long long)statistics.lookups);
}

int main(int argc, char **argv)
{
    osscb_cache *cache;
    SSL_CTX *ctx;
    char *rest;
    long port;

    if (argc != 6) {
        fprintf(stderr, "usage: server PORT CERTIFICATE KEY STORE KEY_FILE\n");
        return 2;
    }
    port = strtol(argv[1], &rest, 10);
    if (*argv[1] == '\0' || *rest != '\0' || port < 0 || port > 65535) {
        fprintf(stderr, "%s is no port: give a number from 0 to 65535.\n", argv[1]);
        return 2;
    }
    stop_on_signals();
    ctx = make_context(argv[2], argv[3]);
    if (ctx == NULL)
        return 1;

    /* The context is set up, and has had no connection yet. */
    osscb_set_log(on_log, NULL, OSSCB_LOG_INFORMATION);
    if (osscb_open(argv[4], argv[5], "example", &cache) != OSSCB_OK) {
        fprintf(stderr, "%s\n", osscb_last_error());
        SSL_CTX_free(ctx);
        return 1;
    }
    if (osscb_attach(cache, ctx) != OSSCB_OK) {
        fprintf(stderr, "%s\n", osscb_last_error());
        osscb_close(cache);
        SSL_CTX_free(ctx);
        return 1;
    }

    port = listen_on((int)port);
    if (port > 0) {
        printf("listening on 127.0.0.1:%ld\n", port);
        fflush(stdout);
        serve_until_stopped(ctx);
        print_statistics(cache);
    } else {
        perror("The port cannot be listened on");
    }
    if (osscb_close(cache) != OSSCB_OK)
        fprintf(stderr, "%s\n", osscb_last_error());
    SSL_CTX_free(ctx);
    if (listener >= 0)
        close(listener);
    return port > 0 ? 0 : 1;
}
