/* Says which OpenSSL it was compiled for, and which one it was given. */
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <openssl/ssl.h>
#include <stdio.h>

int main(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());

    if (ctx == NULL)
        return 1;
    SSL_CTX_free(ctx);
    printf("headers: %s\nlibrary: %s\n", OPENSSL_VERSION_TEXT, OpenSSL_version(OPENSSL_VERSION));
    return 0;
}
