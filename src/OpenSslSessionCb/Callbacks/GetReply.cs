using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Turns a handler's reply into the pointer that libssl will own, and refuses what libssl would choke on.</summary>
internal static unsafe class GetReply
{
    /// <summary>A session that is libssl's from now on, or null.</summary>
    /// <exception cref="InvalidOperationException">The handler's session is of no use; whatever it gave has been freed.</exception>
    internal static SSL_SESSION* Execute(SessionReply reply, SslSessionId asked)
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

        string? problem = session is null ? "it cannot be decoded" : FindProblem(session, asked);
        if (problem is null)
        {
            return session;
        }

        if (session is not null)
        {
            LibSsl.SSL_SESSION_free(session);
        }

        throw new InvalidOperationException($"The session that the handler gave for {asked} was not used: {problem}.");
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
