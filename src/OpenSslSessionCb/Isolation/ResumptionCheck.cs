using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Whether a session that is genuine may be resumed on a connection: only where a full handshake, here and now, would end as the
/// session's own did.
/// </summary>
internal sealed unsafe class ResumptionCheck(SessionCacheOptions options)
{
    /// <summary>Why not, or <see cref="RecordProblem.None"/>.</summary>
    /// <param name="ssl">The connection that asks.</param>
    /// <param name="hostName">Whom the client asks for.</param>
    /// <param name="end">Where the connection will stand.</param>
    /// <param name="isolationContext">Of the session.</param>
    /// <param name="session">The session; the caller is a user of it.</param>
    /// <param name="nowUnixMilliseconds">The time.</param>
    internal RecordProblem Find(SslRef ssl, ReadOnlySpan<byte> hostName, in ConnectionEnd end,
        byte[] isolationContext, SessionPrototype session, long nowUnixMilliseconds)
    {
        ConnectionPlace place = end.Place;
        if (!isolationContext.AsSpan().SequenceEqual(place.IsolationContext) || !place.Setup.IdContext.Allows(session.Maker)
            || HostTickets.CannotJudge(place.WatchedContext, session.Maker))
        {
            return RecordProblem.OtherScope;
        }

        if (!session.IsFor(hostName))
        {
            return RecordProblem.OtherHostName;
        }

        if (!HandshakeTerms.Allow(ssl.Pointer, session, end.Ciphers))
        {
            return RecordProblem.OtherTerms;
        }

        X509* leaf = session.Peer;
        if (!place.VerifiesClients)
        {
            // A certificate that was got after the handshake is no business of those who ask for none.
            return leaf is null ? RecordProblem.None : RecordProblem.OtherScope;
        }

        if (session.Client is not { } client)
        {
            return RecordProblem.NotARecord;
        }

        if (leaf is null)
        {
            return options.ShareSessionsWithoutClientCertificate && client.VerifyMode == place.VerifyMode
                ? RecordProblem.None
                : RecordProblem.NoClientCertificate;
        }

        if (!place.IsJudgedByDotNet && !HandshakeTerms.AreTakenUp(ssl.Pointer, session))
        {
            return RecordProblem.OtherTerms;
        }

        long remembered = nowUnixMilliseconds + (long)options.ReverifyInterval.TotalMilliseconds;
        if (place.Demand is not { } demand || !demand.Accepts(ssl.Pointer, leaf, client, end.IsHere, nowUnixMilliseconds, remembered))
        {
            return RecordProblem.ClientNotAccepted;
        }

        if (!session.HasClientChain && demand.NeedsChain(client))
        {
            return RecordProblem.ClientChain;
        }

        return options.MayResume is null || MayResume(leaf, hostName, session, nowUnixMilliseconds)
            ? RecordProblem.None
            : RecordProblem.HostRefused;
    }

    /// <summary>Of the session that a connection has resumed, where the host has moved it since.</summary>
    internal bool IsClientAccepted(SslRef ssl, ConnectionPlace place, long nowUnixMilliseconds)
    {
        X509* leaf = LibSsl.SSL_SESSION_get0_peer(LibSsl.SSL_get_session(ssl.Pointer));
        if (leaf is null)
        {
            return options.ShareSessionsWithoutClientCertificate
                && SessionOrigin.ClientOf(ssl.Pointer) is { } anybody && anybody.VerifyMode == place.VerifyMode;
        }

        long remembered = nowUnixMilliseconds + (long)options.ReverifyInterval.TotalMilliseconds;
        return place.Demand is { } demand && SessionOrigin.ClientOf(ssl.Pointer) is { } client
            && demand.Accepts(ssl.Pointer, leaf, client, isHere: true, nowUnixMilliseconds, remembered);
    }

    private bool MayResume(X509* leaf, ReadOnlySpan<byte> hostName, SessionPrototype session, long nowUnixMilliseconds)
    {
        long age = Math.Max(0, nowUnixMilliseconds - session.Origin.ToUnixTimeMilliseconds());
        return options.MayResume!(new ResumptionRequest(leaf, hostName, TimeSpan.FromMilliseconds(age)));
    }
}
