using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What a resumed connection takes over from its session, for those that it makes itself: the time of the full handshake, in unix
/// seconds, what that found out about the client, and by what the session is known again. Each is a number of the connection.
/// </summary>
/// <remarks>
/// TLS 1.3 gives out a new session on every resumption, with a new time. It inherits the age of the one that was resumed, so that a
/// chain of renewals ends when its age does. Not kept on the SSL_SESSION: libssl calls every dup function of a session's
/// ex_data as soon as there is any, and the host's own may not expect to find nothing (stunnel's crashes).
/// </remarks>
internal static unsafe class SessionOrigin
{
    // A renewed session is announced a moment after the old one was given out. Who comes after so many others has no client any more.
    private const int Places = 4096;

    private static readonly ConnectionNumber s_origin = ConnectionNumber.Register();
    private static readonly ConnectionNumber s_given = ConnectionNumber.Register();
    private static readonly ConnectionNumber s_client = ConnectionNumber.Register();
    private static readonly ClientVerification?[] s_clients = new ClientVerification?[Places];

    /// <summary>Of a session that was announced on this connection.</summary>
    internal static DateTimeOffset Of(SslRef ssl, SslSessionRef session)
    {
        // What was noted is about the session that libssl was given. It may have refused that one, and then the handshake is a full one.
        long origin = ssl.IsResumed ? s_origin.Of(ssl.Pointer) : 0;
        return DateTimeOffset.FromUnixTimeSeconds(origin != 0 ? origin : SslSessionTime.ReadUnixSeconds(session.Pointer));
    }

    /// <summary>
    /// Whether a session of TLS 1.3 that is announced on a resumed connection goes back to the one that libssl was given in this
    /// handshake. If not, it goes back to one of libssl's own cache, of another callback, or to a pre-shared key of the host's.
    /// </summary>
    internal static bool IsKnown(SslRef ssl, SslSessionRef session) =>
        s_given.Of(ssl.Pointer) is var given && given != 0 && given == MarkOf(ssl, session);

    /// <summary>The client of the session that this connection has resumed; null: none, or it is not known any more.</summary>
    internal static ClientVerification? ClientOf(SSL* ssl)
    {
        long number = s_client.Of(ssl);
        ClientVerification? client = Volatile.Read(ref s_clients[number % Places]);
        return client is not null && client.Number == number ? client : null;
    }

    /// <summary>Before libssl is given a session to resume; false when memory is short.</summary>
    internal static bool TryNote(SslRef ssl, SessionPrototype session)
    {
        if (session.Client is { } client)
        {
            Volatile.Write(ref s_clients[client.Number % Places], client);
            if (!s_client.TrySet(ssl.Pointer, (nint)client.Number))
            {
                return false;
            }
        }

        // Up to 1.2 a resumed connection makes no new session.
        return ssl.ProtocolVersion < TlsProtocolVersion.Tls13
            || (s_origin.TrySet(ssl.Pointer, (nint)session.Origin.ToUnixTimeSeconds())
                && s_given.TrySet(ssl.Pointer, MarkOf(ssl, session.Borrow())));
    }

    /// <summary>
    /// Of the handshake, since a host may use an SSL again, and of the session id context: libssl passes over a session that has another
    /// than the connection, and those that it renews have the same.
    /// </summary>
    private static nint MarkOf(SslRef ssl, SslSessionRef session)
    {
        byte* random = stackalloc byte[HelloRandom.Length];
        _ = LibSsl.SSL_get_client_random(ssl.Pointer, random, HelloRandom.Length);
        var hash = default(HashCode);
        hash.AddBytes(new ReadOnlySpan<byte>(random, HelloRandom.Length));
        hash.AddBytes(session.IdContext);
        return hash.ToHashCode() | 1;
    }
}
