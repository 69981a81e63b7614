using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The time of the full handshake that a session goes back to, in unix seconds, kept in an ex_data slot of the session.
/// </summary>
/// <remarks>
/// TLS 1.3 gives out a new session on every resumption, with a new time. libssl makes it with ssl_session_dup, which
/// copies the slot: so the origin goes along, and a chain of renewals ends when its age does. The slot holds a number and
/// not a pointer, so there is nothing to free.
/// </remarks>
internal static unsafe class SessionOrigin
{
    private static readonly int s_index = Register();

    /// <summary>The origin; if there is none yet, the session's own time, which becomes it.</summary>
    internal static long GetOrBegin(SSL_SESSION* session)
    {
        long origin = (nint)LibSsl.SSL_SESSION_get_ex_data(session, s_index);
        if (origin == 0)
        {
            origin = SslSessionTime.ReadUnixSeconds(session);
            Set(session, origin);
        }

        return origin;
    }

    internal static void Set(SSL_SESSION* session, long unixSeconds)
    {
        using ErrorMark mark = ErrorMark.Set();
        OpenSslException.ThrowIfFailed(LibSsl.SSL_SESSION_set_ex_data(session, s_index, (void*)(nint)unixSeconds), mark);
    }

    private static int Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibCrypto.CRYPTO_get_ex_new_index(LibCrypto.CRYPTO_EX_INDEX_SSL_SESSION, default, null, null, null, null);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibCrypto.CRYPTO_get_ex_new_index));
        return index;
    }
}
