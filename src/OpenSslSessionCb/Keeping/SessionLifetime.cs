namespace OpenSslSessionCb;

/// <summary>Until when a session may be resumed.</summary>
internal static class SessionLifetime
{
    /// <summary>The shorter of libssl's timeout and the option, and never past the age of the full handshake it goes back to.</summary>
    internal static RecordFields Of(SslRef ssl, SslSessionRef session, SessionCacheOptions options)
    {
        DateTimeOffset origin = SessionOrigin.Of(ssl, session);
        DateTimeOffset made = session.CreationTime;
        TimeSpan timeout = session.Timeout < options.Lifetime ? session.Timeout : options.Lifetime;
        DateTimeOffset expires = made + timeout;
        DateTimeOffset end = origin + options.MaxAge;
        return new RecordFields(session.ProtocolVersion, expires < end ? expires : end, origin);
    }
}
