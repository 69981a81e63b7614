/*
 * What libssl really calls: functions in C that look whether .NET may run in this process before they let it. Where it may not, in
 * a child that was forked since, they answer as if no callback were set: handshakes are full ones.
 */
#include <pthread.h>
#include <stddef.h>

#include "guards.h"

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

/* The numbers of EntryPoint in C#. */
enum { GUARD_NEW, GUARD_GET, GUARD_REMOVE, GUARD_GENERATE_ID, GUARD_FREE_CONTEXT, GUARD_COUNT };

typedef int (*new_function)(struct ssl_st *, struct ssl_session_st *);
typedef struct ssl_session_st *(*get_function)(struct ssl_st *, const unsigned char *, int, int *);
typedef void (*remove_function)(struct ssl_ctx_st *, struct ssl_session_st *);
typedef int (*generate_function)(struct ssl_st *, unsigned char *, unsigned int *);
typedef void (*free_function)(void *, void *, void *, int, long, void *);
typedef int (*random_function)(unsigned char *, int);

static void *managed[GUARD_COUNT];
static random_function random_bytes;

static int may_run(void)
{
    return process_state() == PROCESS_READY;
}

static int guard_new(struct ssl_st *ssl, struct ssl_session_st *session)
{
    int answer = 0;

    if (may_run())
        WITHOUT_CANCELLATION(answer = ((new_function)managed[GUARD_NEW])(ssl, session));
    return answer;
}

static struct ssl_session_st *guard_get(struct ssl_st *ssl, const unsigned char *id, int length, int *copy)
{
    struct ssl_session_st *session = NULL;

    *copy = 0;
    if (may_run())
        WITHOUT_CANCELLATION(session = ((get_function)managed[GUARD_GET])(ssl, id, length, copy));
    return session;
}

static void guard_remove(struct ssl_ctx_st *ctx, struct ssl_session_st *session)
{
    if (may_run())
        WITHOUT_CANCELLATION(((remove_function)managed[GUARD_REMOVE])(ctx, session));
}

/* libssl fails a handshake for which no id is made. A random one is what it would make itself. */
static int guard_generate_id(struct ssl_st *ssl, unsigned char *id, unsigned int *length)
{
    int answer;

    if (!may_run())
        return random_bytes(id, (int)*length) == 1;
    WITHOUT_CANCELLATION(answer = ((generate_function)managed[GUARD_GENERATE_ID])(ssl, id, length));
    return answer;
}

static void guard_free_context(void *parent, void *value, void *data, int index, long number, void *argument)
{
    if (may_run())
        WITHOUT_CANCELLATION(((free_function)managed[GUARD_FREE_CONTEXT])(parent, value, data, index, number, argument));
}

/* rand_bytes is libcrypto's RAND_bytes. */
void osscb_guards_start(void *rand_bytes)
{
    random_bytes = (random_function)rand_bytes;
}

/* The function to give to libssl in place of a managed one. */
void *osscb_guards_place(int which, void *function)
{
    static void *const guards[GUARD_COUNT] = {
        (void *)guard_new, (void *)guard_get, (void *)guard_remove, (void *)guard_generate_id, (void *)guard_free_context,
    };

    managed[which] = function;
    return guards[which];
}
