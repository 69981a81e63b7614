#include "wire.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned char *bytes;
    size_t head, tail, capacity;
    int datagrams;
    int ended;
} queue;

struct osr_wire {
    queue inbound[2]; /* by the end that reads it */
};

typedef struct {
    queue *in, *out;
} bio_queues;

/* A datagram is stored behind its length. */
typedef uint32_t datagram_length;

/* Running out of memory in a test's transport is the end of the test: no error path is worth having. */
static void put(queue *q, const void *bytes, size_t length)
{
    if (q->head == q->tail)
        q->head = q->tail = 0;
    if (q->tail + length > q->capacity) {
        q->capacity = (q->tail + length) * 2 + 4096;
        q->bytes = realloc(q->bytes, q->capacity);
        if (q->bytes == NULL)
            abort();
    }
    memcpy(q->bytes + q->tail, bytes, length);
    q->tail += length;
}

static void send_bytes(queue *q, const void *bytes, size_t length)
{
    datagram_length prefix = (datagram_length)length;

    if (q->datagrams)
        put(q, &prefix, sizeof prefix);
    put(q, bytes, length);
}

static size_t receive_bytes(queue *q, void *buffer, size_t size)
{
    size_t length = q->tail - q->head;
    size_t copied;

    if (q->datagrams) {
        datagram_length prefix;

        memcpy(&prefix, q->bytes + q->head, sizeof prefix);
        q->head += sizeof prefix;
        length = prefix;
    }
    copied = length < size ? length : size;
    memcpy(buffer, q->bytes + q->head, copied);
    /* As on a socket: what of a datagram does not fit is lost, what of a stream does not fit waits. */
    q->head += q->datagrams ? length : copied;
    return copied;
}

static int bio_write(BIO *bio, const char *bytes, int length)
{
    bio_queues *queues = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    send_bytes(queues->out, bytes, (size_t)length);
    return length;
}

static int bio_read(BIO *bio, char *buffer, int size)
{
    bio_queues *queues = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (queues->in->head != queues->in->tail)
        return (int)receive_bytes(queues->in, buffer, (size_t)size);
    if (queues->in->ended)
        return 0;
    BIO_set_retry_read(bio);
    return -1;
}

static long bio_ctrl(BIO *bio, int command, long argument, void *pointer)
{
    bio_queues *queues = BIO_get_data(bio);

    (void)argument, (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_PENDING:
        return (long)(queues->in->tail - queues->in->head);
    case BIO_CTRL_EOF: /* libssl asks: an end without close_notify is an error of its own since 3.0 */
        return queues->in->ended && queues->in->head == queues->in->tail;
    default:
        return 0;
    }
}

static int bio_destroy(BIO *bio)
{
    free(BIO_get_data(bio));
    return 1;
}

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

static void make_method(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "osr wire");
    if (method == NULL)
        abort();
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_ctrl);
    BIO_meth_set_destroy(method, bio_destroy);
}

osr_wire *osr_wire_new(int datagrams)
{
    osr_wire *wire = calloc(1, sizeof *wire);

    if (wire != NULL)
        wire->inbound[OSR_SERVER_END].datagrams = wire->inbound[OSR_CLIENT_END].datagrams = datagrams;
    return wire;
}

void osr_wire_free(osr_wire *wire)
{
    if (wire == NULL)
        return;
    free(wire->inbound[OSR_SERVER_END].bytes);
    free(wire->inbound[OSR_CLIENT_END].bytes);
    free(wire);
}

BIO *osr_wire_bio(osr_wire *wire, enum osr_end end)
{
    bio_queues *queues = malloc(sizeof *queues);
    BIO *bio;

    pthread_once(&method_once, make_method);
    bio = BIO_new(method);
    if (bio == NULL || queues == NULL)
        abort();

    queues->in = &wire->inbound[end];
    queues->out = &wire->inbound[end == OSR_SERVER_END ? OSR_CLIENT_END : OSR_SERVER_END];
    BIO_set_data(bio, queues);
    BIO_set_init(bio, 1);
    return bio;
}

size_t osr_wire_waiting(const osr_wire *wire, enum osr_end end)
{
    return wire->inbound[end].tail - wire->inbound[end].head;
}

void osr_wire_inject(osr_wire *wire, enum osr_end end, const void *bytes, size_t length)
{
    send_bytes(&wire->inbound[end], bytes, length);
}

void osr_wire_end_stream(osr_wire *wire, enum osr_end end)
{
    wire->inbound[end].ended = 1;
}
