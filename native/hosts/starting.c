/*
 * Plays a server that starts other programs, CGI and hooks, in each of the ways there are; and one that starts itself anew, as
 * HAProxy does for a new configuration and nginx for a new binary. After each connection they say whether the library is in them,
 * and what LD_PRELOAD they have.
 *
 *     starting CERTIFICATE KEY [RESTARTED]
 */
#define _GNU_SOURCE
#include "host.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static char script[512];

static void run(const char *how, char *const command[], int (*start)(char *const[]))
{
    setenv("HOW", how, 1);
    if (fork() == 0) {
        start(command);
        _exit(127);
    }
    wait(NULL);
}

static int with_execve(char *const command[])
{
    return execve(command[0], command, environ);
}

static int with_execv(char *const command[])
{
    return execv(command[0], command);
}

static int with_execvp(char *const command[])
{
    return execvp("sh", command);
}

static int with_execl(char *const command[])
{
    return execl(command[0], command[0], command[1], command[2], (char *)NULL);
}

static void run_all(void)
{
    char *command[] = {"/bin/sh", "-c", script, NULL};
    pid_t child;
    FILE *pipe;
    int byte;

    run("execve", command, with_execve);
    run("execv", command, with_execv);
    run("execvp", command, with_execvp);
    run("execl", command, with_execl);
    setenv("HOW", "system", 1);
    if (system(script) != 0)
        say("system failed");
    setenv("HOW", "posix_spawn", 1);
    if (posix_spawn(&child, command[0], NULL, NULL, command, environ) == 0)
        waitpid(child, NULL, 0);
    setenv("HOW", "popen", 1);
    pipe = popen(script, "r");
    while ((byte = fgetc(pipe)) != EOF)
        putchar(byte);
    fflush(stdout);
    pclose(pipe);
}

int main(int argc, char **argv)
{
    SSL_CTX *context;
    int listener;

    if (argc < 3)
        return 2;
    context = make_context(argv[1], argv[2], NULL);
    snprintf(script, sizeof script,
             "echo \"$HOW: $(grep -c opensslsessioncb_preload /proc/self/maps) mappings, LD_PRELOAD is $(echo $LD_PRELOAD)\"");
    listener = listen_somewhere();
    while (!serve(context, accept_one(listener))) {
    }
    run_all();
    if (argc == 3) {
        char *restarted[] = {argv[0], argv[1], argv[2], "execv", NULL};

        execv(argv[0], restarted);
    } else if (strcmp(argv[3], "execv") == 0) {
        char *restarted[] = {argv[0], argv[1], argv[2], "execvp", NULL};

        execvp(argv[0], restarted);
    } else if (strcmp(argv[3], "execvp") == 0) {
        char *restarted[] = {argv[0], argv[1], argv[2], "execve", NULL}, *environment[] = {"A=B", NULL};

        execve(argv[0], restarted, environment);
    }
    say("done");
    return 0;
}
