#ifndef OSR_SELFTEST_SCENE_H
#define OSR_SELFTEST_SCENE_H

#include "osr.h"

/* What the scenarios of selftest.c are told with. */

typedef struct {
    const char *name;
    int version;
    int mtls;
} protocol;

/* One server with the cache on it, recording, and its client. */
typedef struct {
    const protocol *protocol;
    osr_cache *cache;
    SSL_CTX *server, *client;
} scene;

extern int failures;

#define CHECK(condition) check((condition), #condition, __LINE__)
void check(int holds, const char *condition, int line);

scene open_scene(const protocol *protocol);
void close_scene(scene *scene);
int is_tls13(const scene *scene);

/* Connects, closes in one of the ways of tls_pair.h, and returns what the client can offer next. */
SSL_SESSION *connect_once(scene *scene, SSL_SESSION *offer, int reused, int how);

/* The transcript must be these lines, with the protocol's version for "VVVV"; then it starts afresh. */
void expect(scene *scene, const char *what, const char *expected);

#define NEW(id, reused) "new " id " in_init=1 reused=" #reused " version=VVVV\n"

#endif
