/*
 * Plays a program in C that is linked to the library and passes a pointer that nobody can read: the library meets a fault of its
 * own, in a process whose crash signals are the host's.
 *
 *     cc null_reference.c -l:libopensslsessioncb.so -lssl -lcrypto
 *     null_reference default|handled
 */
#include "host.h"

#include <signal.h>

#include "../include/openssl_session_cb.h"

static void on_fault(int number)
{
    static const char text[] = "the host's handler\n";

    (void)number;
    if (write(STDOUT_FILENO, text, sizeof text - 1) < 0) {
    }
    _exit(9);
}

int main(int argc, char **argv)
{
    osscb_cache *cache;
    int status;

    if (argc < 2)
        return 2;
    if (strcmp(argv[1], "handled") == 0)
        signal(SIGSEGV, on_fault);
    if (SSL_CTX_new(TLS_server_method()) == NULL || osscb_open("memory", NULL, NULL, &cache) != OSSCB_OK)
        fail("no cache");
    status = osscb_get_statistics(cache, (osscb_statistics *)8);
    say("%d %s", status, osscb_last_error());
    return 0;
}
