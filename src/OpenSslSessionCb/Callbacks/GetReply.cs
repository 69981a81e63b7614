using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Turns a handler's reply into the pointer that libssl will own, and refuses what libssl would choke on.</summary>
internal static unsafe class GetReply
{
    /// <summary>A session that is libssl's from now on, or null.</summary>
    /// <exception cref="InvalidOperationException">The handler's session is of no use; whatever it gave has been freed.</exception>
    internal static SSL_SESSION* Execute(SessionReply reply, SSL* ssl, SslSessionId asked)
    {
        SSL_SESSION* session;
        if (reply.Owned != 0)
        {
            session = (SSL_SESSION*)reply.Owned;
        }
        else if (reply.Session is { } given)
        {
            session = reply.CallerKeeps ? given.Duplicate() : (SSL_SESSION*)given.Detach();
        }
        else if (!reply.Encoded.IsEmpty)
        {
            session = SslSessionCodec.Decode(reply.Encoded);
        }
        else
        {
            return null;
        }

        if (session is null)
        {
            throw new InvalidOperationException(reply.Encoded.IsEmpty
                ? $"The session that the handler gave for {asked} could not be copied."
                : $"The session that the handler gave for {asked} was not used: it cannot be decoded.");
        }

        string? problem = FindProblem(session, asked);
        if (problem is null && !(RevivesExpired(ssl) && SslSessionTime.IsExpired(session)))
        {
            return session;
        }

        LibSsl.SSL_SESSION_free(session);
        if (problem is null)
        {
            return null;
        }

        throw new InvalidOperationException($"The session that the handler gave for {asked} was not used: {problem}.");
    }

    // libssl itself refuses an expired session, and says so to OnRemove; but in this mode (3.0 and later) it puts the
    // session into its internal cache first, with the time of now, and then finds it young.
    private static bool RevivesExpired(SSL* ssl)
    {
        const int Both = LibSsl.SSL_SESS_CACHE_UPDATE_TIME | LibSsl.SSL_SESS_CACHE_NO_INTERNAL_STORE;
        return (LibSsl.SSL_CTX_get_session_cache_mode(LibSsl.SSL_get_SSL_CTX(ssl)) & Both) == LibSsl.SSL_SESS_CACHE_UPDATE_TIME;
    }

    private static string? FindProblem(SSL_SESSION* session, SslSessionId asked)
    {
        var given = new SslSessionRef(session);

        // Up to 3.5 libssl does not compare: it would put the wrong id into the ServerHello, and the handshake dies.
        if (!given.IdSpan.SequenceEqual(asked.Span))
        {
            return $"it has the id {given.Id}";
        }

        // Without this check an incomplete session is a NULL dereference inside libssl.
        if (LibSsl.SSL_SESSION_get0_cipher(session) is null)
        {
            return "it has no cipher";
        }

        // Before 3.0.14 libssl takes it, and then sends an empty session id.
        return given.IsResumable ? null : "it is not resumable";
    }
}
