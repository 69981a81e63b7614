using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The time of the full handshake that a resumed connection goes back to, in unix seconds, kept in an ex_data slot of the connection.
/// </summary>
/// <remarks>
/// TLS 1.3 gives out a new session on every resumption, with a new time. It inherits the age of the one that was resumed, so that a
/// chain of renewals ends when its age does. Not kept on the SSL_SESSION: libssl calls every dup function of a session's
/// ex_data as soon as there is any, and the host's own may not expect to find nothing (stunnel's crashes). The slot holds a
/// number and not a pointer, so there is nothing to free.
/// </remarks>
internal static unsafe class SessionOrigin
{
    private static readonly int s_index = Register();

    /// <summary>Of a session that was announced on this connection.</summary>
    internal static DateTimeOffset Of(SslRef ssl, SslSessionRef session)
    {
        // What was noted is about the session that libssl was given. It may have refused that one, and then the handshake is a full one.
        long origin = ssl.IsResumed ? (nint)LibSsl.SSL_get_ex_data(ssl.Pointer, s_index) : 0;
        return DateTimeOffset.FromUnixTimeSeconds(origin != 0 ? origin : SslSessionTime.ReadUnixSeconds(session.Pointer));
    }

    /// <summary>Before libssl is given a session to resume; false when memory is short.</summary>
    internal static bool TryNote(SslRef ssl, DateTimeOffset origin)
    {
        // Up to 1.2 a resumed connection makes no new session.
        return ssl.ProtocolVersion < TlsProtocolVersion.Tls13
            || LibSsl.SSL_set_ex_data(ssl.Pointer, s_index, (void*)(nint)origin.ToUnixTimeSeconds()) == 1;
    }

    private static int Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibSsl.SSL_get_ex_new_index(default, null, null, null, null);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_get_ex_new_index));
        return index;
    }
}
