/*
 * What preloading costs a program from its start to its end.
 *
 *     startup RUNS LIBRARY PROGRAM
 *
 * Runs PROGRAM, which is to end by itself, by turns as it is and with LIBRARY preloaded and a store named, so that the library does
 * all that it ever does without TLS. Each line of the output is one pair of turns: nanoseconds without, nanoseconds with.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t run(char *program, char *const environment[])
{
    char *arguments[] = {program, NULL};
    uint64_t start = now();
    int status;
    pid_t child;

    if (posix_spawn(&child, program, NULL, NULL, arguments, environment) != 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "%s did not run\n", program);
        exit(1);
    }
    return now() - start;
}

int main(int argc, char **argv)
{
    char store[] = "OSSCB_STORE=memory";
    char *preload, *plain[] = {NULL}, *preloaded[] = {NULL, store, NULL};

    if (argc != 4 || asprintf(&preload, "LD_PRELOAD=%s", argv[2]) < 0) {
        fprintf(stderr, "usage: startup RUNS LIBRARY PROGRAM\n");
        return 2;
    }
    preloaded[0] = preload;
    for (int i = 0; i < atoi(argv[1]); i++) {
        uint64_t without, with;

        /* There and back, so that neither is always the second. */
        if (i % 2 == 0) {
            without = run(argv[3], plain);
            with = run(argv[3], preloaded);
        } else {
            with = run(argv[3], preloaded);
            without = run(argv[3], plain);
        }
        printf("%llu %llu\n", (unsigned long long)without, (unsigned long long)with);
    }
    return 0;
}
