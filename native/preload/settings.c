#define _GNU_SOURCE
#include "settings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

enum { LONGEST_DEADLINE_MS = 1000 };

osscb_settings settings;

static const char *copy_of(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? strdup(value) : NULL;
}

/* A server that daemonizes goes to /, and one that upgrades in place starts from there. */
static const char *absolute(const char *path, const char *scheme)
{
    size_t skipped = strlen(scheme);
    char folder[PATH_MAX], *whole;

    if (path == NULL || strncmp(path, scheme, skipped) != 0 || path[skipped] == '/' || path[skipped] == '\0'
        || getcwd(folder, sizeof folder) == NULL)
        return path;
    return asprintf(&whole, "%s%s/%s", scheme, strcmp(folder, "/") == 0 ? "" : folder, path + skipped) < 0 ? path : whole;
}

static int level_of(const char *text)
{
    static const char *const names[] = {"error", "warning", "information"};

    for (int i = 0; text != NULL && i < 3; i++)
        if (strcmp(text, names[i]) == 0)
            return i + 1;
    if (text != NULL)
        log_line(LOG_LEVEL_WARNING, "OSSCB_LOG_LEVEL=%s is none of error, warning and information; information is taken.", text);
    return LOG_LEVEL_INFORMATION;
}

static int deadline_of(const char *text)
{
    char *end;
    long value;

    if (text == NULL)
        return 0;
    value = strtol(text, &end, 10);
    if (*end == '\0' && value >= 1 && value <= LONGEST_DEADLINE_MS)
        return (int)value;
    log_line(LOG_LEVEL_WARNING, "OSSCB_DEADLINE_MS=%s is not a number of milliseconds from 1 to %d; the default is taken.", text,
             LONGEST_DEADLINE_MS);
    return 0;
}

static int is_one(const char *text)
{
    return text != NULL && strcmp(text, "1") == 0;
}

/* Its successor may have taken its place: then the name ends like this. */
static const char *own_program(void)
{
    static const char deleted[] = " (deleted)";
    char path[PATH_MAX + 1];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    size_t end = sizeof deleted - 1;
    const char *slash, *name;

    if (length <= 0)
        return "";
    path[length] = '\0';
    if ((size_t)length > end && strcmp(path + length - end, deleted) == 0)
        path[length - end] = '\0';
    slash = strrchr(path, '/');
    name = strdup(slash == NULL ? path : slash + 1);
    return name == NULL ? "" : name;
}

int settings_read(void)
{
    settings.store = absolute(copy_of("OSSCB_STORE"), "sqlite:");
    settings.key_file = absolute(copy_of("OSSCB_KEY_FILE"), "");
    settings.farm = copy_of("OSSCB_FARM");
    settings.library = absolute(copy_of("OSSCB_LIBRARY"), "");
    settings.log = copy_of("OSSCB_LOG");
    if (settings.log != NULL && strcmp(settings.log, "stderr") != 0)
        settings.log = absolute(settings.log, "");
    settings.children = is_one(getenv("OSSCB_CHILDREN"));
    settings.shares_without_certificate = is_one(getenv("OSSCB_SHARE_WITHOUT_CERTIFICATE"));
    if (settings.store == NULL)
        return 0;
    settings.program = own_program();
    settings.log_level = LOG_LEVEL_INFORMATION;
    settings.log_level = level_of(getenv("OSSCB_LOG_LEVEL"));
    settings.deadline_ms = deadline_of(getenv("OSSCB_DEADLINE_MS"));
    return 1;
}
