namespace OpenSslSessionCb;

/// <summary>Why libssl removes a session. It gives no reason code; this is read from the session and the error queue.</summary>
public enum SessionRemoveReason
{
    /// <summary>
    /// Nothing tells: evicted from libssl's internal cache, the context freed, the connection freed without a close_notify
    /// having been sent, or the host called SSL_CTX_remove_session. The session may well be good.
    /// </summary>
    Unexplained,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>A fatal alert was sent or received on its connection: RFC 5246, 7.2.2 forbids to resume it.</summary>
    FatalAlert,

    /// <summary>
    /// The peer closed the transport without close_notify, which 3.0 and later answer with a fatal alert of their own.
    /// Clients do that all day; the session is good.
    /// </summary>
    PeerVanished,
}
