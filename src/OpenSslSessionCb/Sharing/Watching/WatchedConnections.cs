using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Connections whose handshake somebody waits for. An info callback on the SSL tells its end; it is set on watched connections
/// only, and only where the host has none.
/// </summary>
internal static unsafe class WatchedConnections
{
    private static readonly ConnectionTable<WatchedHandshake> s_watched = new();
    private static readonly nint s_info = (nint)(delegate* unmanaged[Cdecl]<SSL*, int, int, void>)&Info;

    internal static int Count => s_watched.Count;

    /// <summary>In the ClientHello callback. A second one, after a HelloRetryRequest, changes nothing.</summary>
    internal static void Watch(SSL* ssl, WatchedHandshake handshake)
    {
        if (LibSsl.SSL_get_info_callback(ssl) is not null || LibSsl.SSL_CTX_get_info_callback(LibSsl.SSL_get_SSL_CTX(ssl)) is not null)
        {
            return;
        }

        s_watched.Set(ssl, handshake);
        LibSsl.SSL_set_info_callback(ssl, (delegate* unmanaged[Cdecl]<SSL*, int, int, void>)s_info);
    }

    /// <summary>Called at each step of a watched connection, on the thread that drives it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Info(SSL* ssl, int where, int value)
    {
        if ((where & LibSsl.SSL_CB_HANDSHAKE_DONE) == 0)
        {
            return;
        }

        // Who is told may call into libcrypto.
        using ErrorMark mark = ErrorMark.Set();
        try
        {
            // The first counts: what TLS 1.3 sends after the handshake, and a renegotiation, may end as one more.
            if (s_watched.TryRemove(ssl, out WatchedHandshake? handshake))
            {
                handshake.Done(LibSsl.SSL_session_reused(ssl) == 1);
            }

            if ((nint)LibSsl.SSL_get_info_callback(ssl) == s_info)
            {
                LibSsl.SSL_set_info_callback(ssl, null);
            }
        }
        catch (Exception exception)
        {
            UncaughtExceptions.Trace(exception);
        }
    }
}
