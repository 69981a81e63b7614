namespace OpenSslSessionCb.Interop;

public static unsafe partial class LibCrypto
{
    /// <summary>Frees what OpenSSL allocated, an <c>i2d_</c> buffer for instance.</summary>
    public static void OPENSSL_free(void* memory) => CRYPTO_free(memory, null, 0);
}
