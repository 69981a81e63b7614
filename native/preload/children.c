#define _GNU_SOURCE
#include "children.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"

#define EXPORT __attribute__((visibility("default")))

enum { MOST_ADDED = 16 };

/* What this process was started with and its own successor needs, NAME=VALUE each. */
static char *inherited[MOST_ADDED];
static int inherited_count;

static void inherit(const char *name, const char *value)
{
    if (value != NULL && inherited_count < MOST_ADDED && asprintf(&inherited[inherited_count], "%s=%s", name, value) >= 0)
        inherited_count++;
}

void children_remember(void)
{
    if (settings.children)
        return;

    /* Of these the server's process has them as they were given, and its successor may start in another folder. */
    inherit("OSSCB_STORE", settings.store);
    inherit("OSSCB_KEY_FILE", settings.key_file);
    inherit("OSSCB_LIBRARY", settings.library);
    inherit("OSSCB_LOG", settings.log);
    inherit("OSSCB_FARM", settings.farm);
    inherit("OSSCB_LOG_LEVEL", getenv("OSSCB_LOG_LEVEL"));
    inherit("OSSCB_DEADLINE_MS", getenv("OSSCB_DEADLINE_MS"));
    inherit("LD_PRELOAD", getenv("LD_PRELOAD"));
}

void children_leave_alone(void)
{
    char *preload = getenv("LD_PRELOAD");
    const char *own_name;
    Dl_info own;

    if (settings.children || preload == NULL || dladdr((void *)children_leave_alone, &own) == 0)
        return;
    own_name = strrchr(own.dli_fname, '/');
    own_name = own_name == NULL ? own.dli_fname : own_name + 1;

    /* In place: other threads may be reading the environment. Others' entries stay; the loader takes blanks for separators. */
    while (*preload != '\0') {
        size_t length = strcspn(preload, ": ");
        size_t name = length;

        while (name > 0 && preload[name - 1] != '/')
            name--;
        if (length - name == strlen(own_name) && strncmp(preload + name, own_name, length - name) == 0)
            memset(preload, ' ', length);
        preload += length;
        preload += *preload != '\0';
    }
}

/* By its name: an upgrade has put another file in its place. One without a slash is looked for on the path. */
static int is_self(const char *path)
{
    static const char deleted[] = " (deleted)";
    char own[PATH_MAX], resolved[PATH_MAX];
    ssize_t length = inherited_count == 0 ? -1 : readlink("/proc/self/exe", own, sizeof own - 1);

    if (length <= 0)
        return 0;
    own[length] = '\0';
    if ((size_t)length > sizeof deleted && strcmp(own + length - (sizeof deleted - 1), deleted) == 0)
        own[length - (ssize_t)(sizeof deleted - 1)] = '\0';
    if (strchr(path, '/') == NULL)
        return strcmp(strrchr(own, '/') + 1, path) == 0;
    return realpath(path, resolved) != NULL && strcmp(own, resolved) == 0;
}

static int is_inherited(const char *variable)
{
    for (int i = 0; i < inherited_count; i++)
        if (strncmp(inherited[i], variable, (size_t)(strchr(inherited[i], '=') - inherited[i]) + 1) == 0)
            return 1;
    return 0;
}

static int count(char *const list[])
{
    int length = 0;

    while (list[length] != NULL)
        length++;
    return length;
}

/* Room for what is there, what is added, and the end. No malloc: the process may be the child of a vfork. */
static void add_inherited(char *const environment[], char **added)
{
    for (; *environment != NULL; environment++)
        if (!is_inherited(*environment))
            *added++ = *environment;
    for (int i = 0; i < inherited_count; i++)
        *added++ = inherited[i];
    *added = NULL;
}

/*
 * A server that upgrades in place (nginx), or reads its configuration anew by starting anew (HAProxy), executes its own binary,
 * perhaps a new one under the same name. nginx does that with an environment that it has made itself.
 */
EXPORT int execve(const char *path, char *const arguments[], char *const environment[])
{
    static int (*real)(const char *, char *const[], char *const[]);

    if (real == NULL)
        real = (int (*)(const char *, char *const[], char *const[]))dlsym(RTLD_NEXT, "execve");
    if (environment == NULL || !is_self(path))
        return real(path, arguments, environment);

    char *added[count(environment) + inherited_count + 1];
    add_inherited(environment, added);
    return real(path, arguments, added);
}

EXPORT int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

EXPORT int execvpe(const char *file, char *const arguments[], char *const environment[])
{
    static int (*real)(const char *, char *const[], char *const[]);

    if (real == NULL)
        real = (int (*)(const char *, char *const[], char *const[]))dlsym(RTLD_NEXT, "execvpe");
    if (environment == NULL || !is_self(file))
        return real(file, arguments, environment);

    char *added[count(environment) + inherited_count + 1];
    add_inherited(environment, added);
    return real(file, arguments, added);
}

EXPORT int execvp(const char *file, char *const arguments[])
{
    return execvpe(file, arguments, environ);
}
