using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Reads why libssl removes a session. It does not say; what can be seen is the clock and the thread's error queue.</summary>
internal static unsafe class RemoveReasons
{
    internal static SessionRemoveReason Read(SSL_SESSION* session)
    {
        // A fatal alert raises its error first and removes the session right after, on the same thread. A stale error
        // can thus make a good session look bad, which costs one full handshake; a bad one never looks good.
        CULong error = LibCrypto.ERR_peek_last_error();
        if (LibCrypto.ERR_GET_LIB(error) == LibCrypto.ERR_LIB_SSL)
        {
            return LibCrypto.ERR_GET_REASON(error) == LibSsl.SSL_R_UNEXPECTED_EOF_WHILE_READING
                ? SessionRemoveReason.PeerVanished
                : SessionRemoveReason.FatalAlert;
        }

        return SslSessionTime.IsExpired(session) ? SessionRemoveReason.Expired : SessionRemoveReason.Unexplained;
    }
}
