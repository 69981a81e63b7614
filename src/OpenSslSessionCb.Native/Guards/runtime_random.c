#define _GNU_SOURCE
#include <stdint.h>
#include <sys/random.h>

int32_t __real_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t length);

/* .NET reads /dev/urandom, which a server that has changed its root directory seldom has. */
int32_t __wrap_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t length)
{
    int32_t filled = 0;

    while (filled < length) {
        ssize_t got = getrandom(bytes + filled, (size_t)(length - filled), 0);

        if (got <= 0)
            return __real_SystemNative_GetCryptographicallySecureRandomBytes(bytes, length);
        filled += (int32_t)got;
    }
    return 0;
}
