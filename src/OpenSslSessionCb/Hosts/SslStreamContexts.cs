using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The contexts that SslStream has made since a cache was attached to the process: a mark in an ex_data slot of theirs.
/// </summary>
internal static unsafe class SslStreamContexts
{
    private static volatile int s_slot = -1;

    /// <summary>Where the marks are.</summary>
    internal static void UseSlot(int index) => s_slot = index;

    /// <summary>In the slot's new function: SslStream makes this context.</summary>
    internal static void Add(CRYPTO_EX_DATA* data, int index) => _ = LibCrypto.CRYPTO_set_ex_data(data, index, (void*)1);

    internal static bool Include(SSL_CTX* context) => s_slot >= 0 && LibSsl.SSL_CTX_get_ex_data(context, s_slot) is not null;
}
