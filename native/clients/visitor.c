/*
 * Plays the clients: connects again and again, each time with a new session or with the one before, and says of each connection what the
 * server answered ("PID resumed" or "PID full"), or "failed" and why.
 *
 *     visitor PORT[,PORT...] 1.2|1.3 full|resume COUNT THREADS [PAUSE_MS [CERTIFICATE KEY]]
 *
 * resume: each thread makes a session first, which is not counted, and waits PAUSE_MS before each connection that comes after.
 * Connections go to one port after the other.
 */
#include "../hosts/host.h"

#include <pthread.h>
#include <signal.h>

enum { MOST_PORTS = 16 };

static int port[MOST_PORTS], ports;
static SSL_CTX *context;
static int resumes, count, pause_ms;

static int connect_to_server(int visit)
{
    struct sockaddr_in server = {
        .sin_family = AF_INET,
        .sin_port = htons((unsigned short)port[visit % ports]),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int connection = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection, (struct sockaddr *)&server, sizeof server) == 0)
        return connection;
    close(connection);
    return -1;
}

/* Leaves the session that the next visit can resume in *session. */
static void visit(int number, SSL_SESSION **session)
{
    SSL *ssl = SSL_new(context);
    int connection = connect_to_server(number), length = 0, got;
    char answer[64];

    if (connection < 0) {
        say("failed: %s", strerror(errno));
        SSL_free(ssl);
        return;
    }
    SSL_set_fd(ssl, connection);
    if (*session != NULL)
        SSL_set_session(ssl, *session);
    if (SSL_connect(ssl) != 1) {
        int error = errno;
        unsigned long code = ERR_get_error();

        say("failed: %s", code != 0 ? ERR_reason_error_string(code) : strerror(error));
    } else {
        /* To its end: a TLS 1.3 session comes after the handshake. */
        while (length < (int)sizeof answer - 1 && (got = SSL_read(ssl, answer + length, (int)sizeof answer - 1 - length)) > 0)
            length += got;
        answer[length] = '\0';
        answer[strcspn(answer, "\n")] = '\0';
        if (length == 0)
            say("failed: no answer");
        else if (number > 0 || !resumes)
            say("%s", answer);
        SSL_SESSION_free(*session);
        *session = resumes ? SSL_get1_session(ssl) : NULL;
        SSL_shutdown(ssl);
    }
    ERR_clear_error();
    SSL_free(ssl);
    close(connection);
}

static void *visits(void *unused)
{
    SSL_SESSION *session = NULL;

    if (resumes)
        visit(0, &session);
    for (int i = 0; i < count; i++) {
        usleep((useconds_t)pause_ms * 1000);
        visit(resumes + i, &session);
    }
    SSL_SESSION_free(session);
    return unused;
}

int main(int argc, char **argv)
{
    int threads = argc < 6 ? 0 : atoi(argv[5]);
    pthread_t thread[256];

    if (threads < 1 || threads > 256)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    for (char *next = strtok(argv[1], ","); next != NULL && ports < MOST_PORTS; next = strtok(NULL, ","))
        port[ports++] = atoi(next);
    resumes = strcmp(argv[3], "resume") == 0;
    count = atoi(argv[4]);
    pause_ms = argc > 6 ? atoi(argv[6]) : 0;
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, strcmp(argv[2], "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_min_proto_version(context, strcmp(argv[2], "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
    if (argc > 8 && (SSL_CTX_use_certificate_file(context, argv[7], SSL_FILETYPE_PEM) != 1
                     || SSL_CTX_use_PrivateKey_file(context, argv[8], SSL_FILETYPE_PEM) != 1))
        fail("the client's certificate cannot be used");
    for (int i = 0; i < threads; i++)
        if (pthread_create(&thread[i], NULL, visits, NULL) != 0)
            fail("no thread");
    for (int i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    SSL_CTX_free(context);
    return 0;
}
