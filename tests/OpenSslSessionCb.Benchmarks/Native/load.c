/*
 * Connections to a TLS server on loopback: a handshake that offers a saved session, close_notify, and the server's end of it.
 *
 *     load PORT 1.2|1.3 SESSIONS WORKER_PID
 *
 * It answers each line of its input with one line, and ends with its input.
 *
 *     full COUNT       COUNT connections that offer nothing, a few under way at a time; the first SESSIONS fill the places
 *                      of those that are offered
 *     resumed COUNT    COUNT that resume, the same
 *     burst COUNT      COUNT that resume, at once: see below
 *
 * An answer: handshakes, how many resumed, how many failed, nanoseconds, nanoseconds of the worker's processor time (user
 * and system, all its threads).
 *
 * A client of libssl uses more processor time for a resumption than a server, so one core of clients cannot keep a worker busy.
 * Therefore a burst is prepared while the worker is stopped: all connections are made, and their ClientHellos sent. Then the clock
 * starts and the worker goes on; the half of the clients' work that is left is less than the worker's, who has something to do
 * until the end.
 *
 * On TLS 1.2 a session is offered again and again; on 1.3 each connection offers the newest that its predecessor was given, as clients do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

/* nginx has 511 connections wait to be accepted at most. */
enum { MOST_AT_ONCE = 500, A_FEW = 16, SOURCE_ADDRESSES = 200, PATIENCE_MS = 10000 };

typedef struct {
    int fd;
    SSL *ssl;
    size_t session; /* which of the sessions it offers, and brings a newer one for */
    int shaken;     /* the handshake is over, and close_notify sent */
} connection;

static struct sockaddr_in server;
static SSL_CTX *ctx;
static int epoll;
static connection connections[MOST_AT_ONCE];
static SSL_SESSION **sessions;
static size_t session_count, next_session;
static int offering;
static unsigned long handshakes, resumed, failed, wanted, begun;
static pid_t worker;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static uint64_t now(clockid_t clock)
{
    struct timespec time;

    if (clock_gettime(clock, &time) != 0)
        fail("a clock cannot be read");
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Called by libssl for each ticket of TLS 1.3, and on TLS 1.2 at the end of a full handshake. */
static int session_made(SSL *ssl, SSL_SESSION *session)
{
    connection *from = SSL_get_app_data(ssl);

    if (sessions[from->session] != NULL)
        SSL_SESSION_free(sessions[from->session]);
    sessions[from->session] = session;
    return 1;
}

static void begin(connection *c)
{
    static unsigned int source;
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    int on = 1;

    /* From many addresses: one has no more than 28,000 ports, and each stays taken for a while. */
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + source++ % SOURCE_ADDRESSES);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0
        || bind(c->fd, (struct sockaddr *)&from, sizeof from) != 0)
        fail("a socket cannot be made");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS)
        fail("the server does not accept a connection");
    c->session = next_session++ % session_count;
    c->shaken = 0;
    c->ssl = SSL_new(ctx);
    if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1 || SSL_set_tlsext_host_name(c->ssl, "localhost") != 1)
        fail("a connection cannot be made");
    SSL_set_app_data(c->ssl, c);
    SSL_set_connect_state(c->ssl);
    if (offering && (sessions[c->session] == NULL || SSL_set_session(c->ssl, sessions[c->session]) != 1)) {
        fprintf(stderr, "there is no session to offer\n");
        exit(1);
    }
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
        fail("a socket cannot be watched");
    begun++;
}

static void end(connection *c, int is_failure)
{
    handshakes++;
    if (is_failure) {
        if (failed++ == 0)
            ERR_print_errors_fp(stderr);
    } else if (SSL_session_reused(c->ssl)) {
        resumed++;
    }

    /*
     * libssl forgets, when the server ends a connection so, that it has sent close_notify itself, and would take the
     * session for a bad one.
     */
    SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(c->ssl);
    close(c->fd);
    c->ssl = NULL;
}

/* As far as it goes; answers whether the connection is over. */
static int advance(connection *c)
{
    char nothing[256];
    int result;

    ERR_clear_error();
    if (!c->shaken) {
        result = SSL_do_handshake(c->ssl);
        if (result != 1) {
            int error = SSL_get_error(c->ssl, result);

            if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
                return 0;
            end(c, 1);
            return 1;
        }
        c->shaken = 1;
        SSL_shutdown(c->ssl);
    }

    /* Tickets come on the way to the server's end of the connection. It closes first, so that our port is free at once. */
    result = SSL_read(c->ssl, nothing, sizeof nothing);
    switch (SSL_get_error(c->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return 0;
    case SSL_ERROR_ZERO_RETURN:
        end(c, 0);
        return 1;
    default:
        end(c, 1);
        return 1;
    }
}

/* Until as many as are wanted have been begun, and all are over. */
static void drive(unsigned long under_way)
{
    while (under_way > 0) {
        struct epoll_event events[MOST_AT_ONCE];
        int count = epoll_wait(epoll, events, MOST_AT_ONCE, PATIENCE_MS);

        if (count <= 0) {
            fprintf(stderr, "the server has said nothing for %d ms, with %lu connections under way\n", PATIENCE_MS, under_way);
            exit(1);
        }
        for (int i = 0; i < count; i++) {
            connection *c = events[i].data.ptr;

            if (c->ssl == NULL || !advance(c))
                continue;
            if (begun < wanted)
                begin(c);
            else
                under_way--;
        }
    }
}

static void run_few_at_once(void)
{
    unsigned long under_way = 0;

    while (under_way < A_FEW && begun < wanted)
        begin(&connections[under_way++]);
    drive(under_way);
}

static void go_on(void)
{
    kill(worker, SIGCONT);
}

static void stop_worker(void)
{
    char path[64], line[256];

    snprintf(path, sizeof path, "/proc/%d/stat", (int)worker);
    if (kill(worker, SIGSTOP) != 0)
        fail("the worker cannot be stopped");
    for (;;) {
        FILE *stat = fopen(path, "r");
        const char *state;

        if (stat == NULL || fgets(line, sizeof line, stat) == NULL)
            fail("the worker is gone");
        fclose(stat);
        state = strrchr(line, ')');
        if (state != NULL && state[2] == 'T')
            return;
        usleep(100);
    }
}

static void prepare_burst(void)
{
    if (wanted > MOST_AT_ONCE || wanted > session_count) {
        fprintf(stderr, "a burst is of %d connections at most, with a session for each\n", MOST_AT_ONCE);
        exit(2);
    }
    stop_worker();
    while (begun < wanted) {
        connection *c = &connections[begun];

        begin(c);
        if (advance(c)) {
            fprintf(stderr, "a connection ended before it began\n");
            exit(1);
        }
    }
}

static void set_up(const char *port, const char *version)
{
    int protocol = strcmp(version, "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;

    server.sin_family = AF_INET;
    server.sin_port = htons((unsigned short)atoi(port));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, protocol) != 1 || SSL_CTX_set_max_proto_version(ctx, protocol) != 1)
        fail("libssl has no client for this version");

    /* nginx does not answer close_notify, it closes. That is no error. */
    SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, session_made);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        fail("epoll");
}

int main(int argc, char **argv)
{
    clockid_t worker_clock;
    char line[64];

    if (argc != 5) {
        fprintf(stderr, "usage: load PORT 1.2|1.3 SESSIONS WORKER_PID\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    set_up(argv[1], argv[2]);
    session_count = (size_t)atoi(argv[3]);
    sessions = calloc(session_count, sizeof *sessions);
    if (session_count < 1 || sessions == NULL) {
        fprintf(stderr, "at least one session\n");
        return 2;
    }
    worker = atoi(argv[4]);
    if (clock_getcpuclockid(worker, &worker_clock) != 0) {
        fprintf(stderr, "there is no process %s\n", argv[4]);
        return 1;
    }
    atexit(go_on);

    while (fgets(line, sizeof line, stdin) != NULL) {
        int is_burst = sscanf(line, "burst %lu", &wanted) == 1;
        uint64_t start, start_cpu, elapsed, cpu;

        offering = strncmp(line, "full ", 5) != 0;
        if (!is_burst && sscanf(line, "resumed %lu", &wanted) != 1 && sscanf(line, "full %lu", &wanted) != 1) {
            fprintf(stderr, "not understood: %s", line);
            return 2;
        }
        handshakes = resumed = failed = begun = 0;
        if (is_burst)
            prepare_burst();
        start = now(CLOCK_MONOTONIC);
        start_cpu = now(worker_clock);
        if (is_burst) {
            go_on();
            drive(wanted);
        } else {
            run_few_at_once();
        }
        elapsed = now(CLOCK_MONOTONIC) - start;
        cpu = now(worker_clock) - start_cpu;
        printf("%lu %lu %lu %llu %llu\n", handshakes, resumed, failed, (unsigned long long)elapsed, (unsigned long long)cpu);
        fflush(stdout);
    }
    return 0;
}
