/* A program that is linked to libssl and never makes a context. With an argument it says "ready" and waits for the end of its input. */
#include <stdio.h>

#include <openssl/ssl.h>

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        puts("ready");
        fflush(stdout);
        while (getchar() != EOF) {
        }
    }

    /* So that the linker takes libssl for needed. */
    return TLS_method() == NULL;
}
