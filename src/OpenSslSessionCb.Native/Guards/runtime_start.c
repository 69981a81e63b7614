#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guards.h"

enum {
    END_PATIENCE_MS = 500,

    /*
     * What .NET and glibc reserve: the heap's range, stacks, and 64 MB of each thread's own for malloc. Little of it is
     * ever used, but a host with a limit must not go short.
     */
    ADDRESS_SPACE_MB = 1024,
    DATA_MB = 96
};

/* What .NET offers here. */
int osscb_managed_start(void);
void osscb_managed_end(void);

void __real_abort(void) __attribute__((noreturn));
ssize_t __real_write(int file, const void *bytes, size_t count);
char *__real_getenv(const char *name);

static char why_not[512] = "the .NET runtime is late to start";
static char last_words[256];
static atomic_int has_exit;

const char *runtime_why_not(int state)
{
    return state == PROCESS_FORKED ? "This process was forked after the library was started: "
                                     "start the servers first and open a cache in each."
        : state == PROCESS_ENDED ? "The process ends."
        : why_not;
}

/*
 * A host may have closed the three first files, and would then print into whatever .NET opens next. Nothing can be written
 * to such a file.
 */
static void keep_standard_files(void)
{
    int file;

    do
        file = open("/", O_PATH | O_CLOEXEC);
    while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0)
        close(file);
}

static int has_room(int megabytes, int protection)
{
    size_t size = (size_t)megabytes << 20;
    void *room = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return room != MAP_FAILED && munmap(room, size) == 0;
}

/* .NET would end the process. */
static int is_room_enough(void)
{
    if (!has_room(ADDRESS_SPACE_MB, PROT_NONE))
        snprintf(why_not, sizeof why_not, "the process may not have the %d MB more of address space that the .NET runtime "
                 "reserves (RLIMIT_AS, systemd's LimitAS=)", ADDRESS_SPACE_MB);
    else if (!has_room(DATA_MB, PROT_READ | PROT_WRITE))
        snprintf(why_not, sizeof why_not, "the process may not have the %d MB more of data that the .NET runtime "
                 "can need (RLIMIT_DATA, systemd's LimitDATA=)", DATA_MB);
    else
        return 1;
    return 0;
}

static int start(void *unused)
{
    (void)unused;
    process_begun(osscb_managed_start() == 0 ? PROCESS_READY : PROCESS_FAILED);
    return 0;
}

static int end(void *unused)
{
    (void)unused;
    osscb_managed_end();
    return 0;
}

/*
 * Before libcrypto's own, which was there first: it takes from under the runtime's threads what they work with. What is queued is
 * written, and nobody goes in any more.
 */
static void at_exit(void)
{
    if (process_state() != PROCESS_READY)
        return;
    process_end();
    runtime_run(end, NULL, END_PATIENCE_MS);
}

/* Of a start that was late, whoever comes next is the first to see that it is ready. */
static int begun(int state)
{
    if (state == PROCESS_READY && !atomic_exchange(&has_exit, 1))
        atexit(at_exit);
    return state;
}

int runtime_start(int patience_ms)
{
    int state = process_state();

    if (state != PROCESS_NOT_STARTED || !process_begin())
        return begun(process_state());
    if (!is_room_enough()) {
        process_begun(PROCESS_FAILED);
        return PROCESS_FAILED;
    }
    keep_standard_files();
    if (runtime_run(start, NULL, patience_ms) != 0 && errno != 0 && errno != ETIMEDOUT) {
        snprintf(why_not, sizeof why_not, "no thread can be made: %s", strerror(errno));
        process_begun(PROCESS_FAILED);
    }
    return begun(process_state());
}

/* The runtime says why it ends, and ends. */
void __wrap_abort(void)
{
    if (process_state() == PROCESS_STARTING && threads_is_runtimes(pthread_self())) {
        snprintf(why_not, sizeof why_not, "the .NET runtime cannot start in this process%s%s", *last_words != '\0' ? ": " : "", last_words);
        process_begun(PROCESS_FAILED);
        runtime_give_up();
    }
    runtime_say(SAY_ERROR, "The .NET runtime has failed, and ends the process: %s", last_words);
    __real_abort();
}

/*
 * What the runtime writes to stderr are its last words; the file may be anything by now, in a server that has closed what
 * it did not open.
 */
ssize_t __wrap_write(int file, const void *bytes, size_t count)
{
    const char *text = bytes, *stop = text + count;

    if (file != STDERR_FILENO)
        return __real_write(file, bytes, count);
    while (text < stop && isspace((unsigned char)*text))
        text++;
    while (text < stop && (isspace((unsigned char)stop[-1]) || stop[-1] == '.'))
        stop--;
    if (text < stop)
        snprintf(last_words, sizeof last_words, "%.*s", (int)(stop - text), text);
    return (ssize_t)count;
}

/* How .NET is set up is ours to say, and not what a host's environment happens to have for other programs. */
char *__wrap_getenv(const char *name)
{
    return strncmp(name, "DOTNET_", strlen("DOTNET_")) == 0 || strncmp(name, "COMPlus_", strlen("COMPlus_")) == 0
        ? NULL
        : __real_getenv(name);
}
