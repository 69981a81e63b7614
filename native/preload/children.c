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

static void inherit(const char *name)
{
    const char *value = getenv(name);

    if (value != NULL && inherited_count < MOST_ADDED && asprintf(&inherited[inherited_count], "%s=%s", name, value) >= 0)
        inherited_count++;
}

void children_remember(void)
{
    static const char *const names[] = {"LD_PRELOAD", "OSSCB_STORE", "OSSCB_KEY_FILE", "OSSCB_FARM", "OSSCB_LIBRARY",
                                        "OSSCB_LOG", "OSSCB_LOG_LEVEL", "OSSCB_DEADLINE_MS"};

    for (size_t i = 0; !settings.children && i < sizeof names / sizeof *names; i++)
        inherit(names[i]);
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

/* By its name: an upgrade has put another file in its place. */
static int is_self(const char *path)
{
    static const char deleted[] = " (deleted)";
    char own[PATH_MAX], resolved[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);

    if (length <= 0 || realpath(path, resolved) == NULL)
        return 0;
    own[length] = '\0';
    if ((size_t)length > sizeof deleted && strcmp(own + length - (sizeof deleted - 1), deleted) == 0)
        own[length - (ssize_t)(sizeof deleted - 1)] = '\0';
    return strcmp(own, resolved) == 0;
}

static int has(char *const environment[], const char *variable)
{
    size_t length = (size_t)(strchr(variable, '=') - variable) + 1;

    for (; *environment != NULL; environment++)
        if (strncmp(*environment, variable, length) == 0)
            return 1;
    return 0;
}

/* nginx upgrades in place by executing its binary, perhaps a new one under the same name, with an environment that it has made itself. */
EXPORT int execve(const char *path, char *const arguments[], char *const environment[])
{
    int (*real)(const char *, char *const[], char *const[]) = (int (*)(const char *, char *const[], char *const[]))dlsym(RTLD_NEXT, "execve");
    int count = 0;

    if (inherited_count == 0 || environment == NULL || !is_self(path))
        return real(path, arguments, environment);
    while (environment[count] != NULL)
        count++;

    char *added[count + inherited_count + 1];
    memcpy(added, environment, (size_t)count * sizeof *added);
    for (int i = 0; i < inherited_count; i++)
        if (!has(environment, inherited[i]))
            added[count++] = inherited[i];
    added[count] = NULL;
    return real(path, arguments, added);
}
