/*
 * A client that loads a TLS server: threads that connect again and again, each offering the session that it was given last.
 *
 *     cc -pthread load.c -o load -lssl -lcrypto
 *     ./load PORT 1.2|1.3 CONNECTIONS THREADS [NAME [CERTIFICATE.pem KEY.pem]]
 *
 * Says each time that ten more have come and gone, and at the end how many resumed, and how many failed. Where nobody listens it
 * tries again, and counts that by itself; so it does with a connection that is reset before the server said anything: one that
 * waited to be accepted when the server stopped listening.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

enum { PATIENCE_SECONDS = 20, PAUSE_MICROSECONDS = 20000, MOST_REASONS = 10, STEP = 10 };

static SSL_CTX *context;
static const char *name;
static struct sockaddr_in server;
static atomic_int left, gone, full, resumed, failed, dropped, refused;

static void fail(const char *step, const SSL *ssl, int result)
{
    char reason[256] = "";
    int error = errno;

    if (error == ECONNRESET && BIO_number_read(SSL_get_rbio(ssl)) == 0) {
        atomic_fetch_add(&dropped, 1);
        return;
    }

    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    if (atomic_fetch_add(&failed, 1) < MOST_REASONS)
        fprintf(stderr, "%s: SSL error %d, %s, %s\n", step, SSL_get_error(ssl, result), reason, strerror(error));
}

/* A socket, or -1: nobody listens. */
static int connect_once(void)
{
    struct timeval patience = {PATIENCE_SECONDS, 0};
    int at_once = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&server, sizeof server) == 0)
        return fd;
    close(fd);
    atomic_fetch_add(&refused, 1);
    usleep(PAUSE_MICROSECONDS);
    return -1;
}

/* The session to offer next; the one that was given, when there is no better. */
static SSL_SESSION *visit(int fd, SSL_SESSION *offer)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    SSL *ssl = SSL_new(context);
    char answer[4096];
    int result;

    ERR_clear_error();
    errno = 0;
    SSL_set_fd(ssl, fd);
    if (*name != '\0')
        SSL_set_tlsext_host_name(ssl, name);
    if (offer != NULL)
        SSL_set_session(ssl, offer);
    result = SSL_connect(ssl);
    if (result != 1) {
        fail("handshake", ssl, result);
    } else if ((result = SSL_write(ssl, request, sizeof request - 1)) <= 0) {
        fail("write", ssl, result);
    } else if ((result = SSL_read(ssl, answer, sizeof answer)) <= 0) {
        fail("read", ssl, result);
    } else {
        SSL_SESSION *next = SSL_get1_session(ssl);

        atomic_fetch_add(SSL_session_reused(ssl) ? &resumed : &full, 1);
        SSL_SESSION_free(offer);
        offer = next;
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    return offer;
}

static void *run(void *unused)
{
    SSL_SESSION *session = NULL;

    while (atomic_fetch_sub(&left, 1) > 0) {
        int fd;

        while ((fd = connect_once()) < 0)
            if (atomic_load(&refused) > 10000)
                return NULL;
        session = visit(fd, session);
        close(fd);
        if ((atomic_fetch_add(&gone, 1) + 1) % STEP == 0) {
            puts("ten more");
            fflush(stdout);
        }
    }
    SSL_SESSION_free(session);
    return unused;
}

int main(int argc, char **argv)
{
    int version, threads;

    if (argc != 5 && argc != 6 && argc != 8) {
        fprintf(stderr, "usage: load PORT 1.2|1.3 CONNECTIONS THREADS [NAME [CERTIFICATE KEY]]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    server.sin_family = AF_INET;
    server.sin_port = htons((unsigned short)atoi(argv[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    version = strcmp(argv[2], "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    atomic_store(&left, atoi(argv[3]));
    threads = atoi(argv[4]);

    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
    name = argc > 5 ? argv[5] : "";
    if (argc == 8 && (SSL_CTX_use_certificate_file(context, argv[6], SSL_FILETYPE_PEM) != 1
                      || SSL_CTX_use_PrivateKey_file(context, argv[7], SSL_FILETYPE_PEM) != 1)) {
        ERR_print_errors_fp(stderr);
        return 1;
    }

    pthread_t running[threads];
    for (int i = 0; i < threads; i++)
        pthread_create(&running[i], NULL, run, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(running[i], NULL);
    SSL_CTX_free(context);
    printf("resumed %d, full %d, failed %d, dropped %d, refused %d\n", atomic_load(&resumed), atomic_load(&full),
           atomic_load(&failed), atomic_load(&dropped), atomic_load(&refused));
    return 0;
}
