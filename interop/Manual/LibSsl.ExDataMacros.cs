using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

// CRYPTO_get_ex_new_index, as <openssl/ssl.h> spells it for its three classes.
public static unsafe partial class LibSsl
{
    public static int SSL_CTX_get_ex_new_index(
        CLong argl,
        void* argp,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> newFunc,
        delegate* unmanaged[Cdecl]<CRYPTO_EX_DATA*, CRYPTO_EX_DATA*, void**, int, CLong, void*, int> dupFunc,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> freeFunc) =>
        LibCrypto.CRYPTO_get_ex_new_index(LibCrypto.CRYPTO_EX_INDEX_SSL_CTX, argl, argp, newFunc, dupFunc, freeFunc);

    public static int SSL_get_ex_new_index(
        CLong argl,
        void* argp,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> newFunc,
        delegate* unmanaged[Cdecl]<CRYPTO_EX_DATA*, CRYPTO_EX_DATA*, void**, int, CLong, void*, int> dupFunc,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> freeFunc) =>
        LibCrypto.CRYPTO_get_ex_new_index(LibCrypto.CRYPTO_EX_INDEX_SSL, argl, argp, newFunc, dupFunc, freeFunc);

    public static int SSL_SESSION_get_ex_new_index(
        CLong argl,
        void* argp,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> newFunc,
        delegate* unmanaged[Cdecl]<CRYPTO_EX_DATA*, CRYPTO_EX_DATA*, void**, int, CLong, void*, int> dupFunc,
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> freeFunc) =>
        LibCrypto.CRYPTO_get_ex_new_index(LibCrypto.CRYPTO_EX_INDEX_SSL_SESSION, argl, argp, newFunc, dupFunc, freeFunc);
}
