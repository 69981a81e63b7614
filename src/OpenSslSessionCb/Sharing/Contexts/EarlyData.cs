using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Early data (0-RTT) and an external cache do not go together without more.</summary>
internal static unsafe class EarlyData
{
    /// <remarks>
    /// libssl's protection against replay looks into its internal cache only. Without one, every resumption is refused and
    /// the remove callback fires; with one, a second process accepts the replay, with its early data.
    /// </remarks>
    internal static void ThrowIfAllowed(nint sslCtx)
    {
        uint max = LibSsl.SSL_CTX_get_max_early_data((SSL_CTX*)sslCtx);
        if (max > 0)
        {
            throw new InvalidOperationException(
                $"This SSL_CTX allows {max} bytes of early data, which a shared session cache cannot protect against replay; "
                    + "call SSL_CTX_set_max_early_data(ctx, 0) before attaching.");
        }
    }
}
