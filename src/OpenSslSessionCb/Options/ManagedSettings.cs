namespace OpenSslSessionCb;

/// <summary>Which settings of a context the cache puts right when it is attached. What is left out stays the host's.</summary>
[Flags]
public enum ManagedSettings
{
    /// <summary>None: the host has set up everything.</summary>
    None = 0,

    /// <summary>
    /// The cache mode becomes SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL: libssl's own cache would answer first,
    /// and its evictions could not be told from removals. Put back on detach.
    /// </summary>
    CacheMode = 1,

    /// <summary>
    /// SSL_OP_NO_TICKET is set: sessions of TLS 1.3 become stateful (with stateless tickets libssl never asks a
    /// cache), and TLS 1.2 gives out session ids instead of tickets. Put back on detach.
    /// </summary>
    Stateful = 2,

    /// <summary>
    /// The number of TLS 1.3 tickets a full handshake becomes <see cref="SessionCacheSettings.Tickets"/>. Put back on detach.
    /// </summary>
    Tickets = 4,

    /// <summary>
    /// The session id context becomes the computed one, the same on every node with the same farm, certificate and client
    /// verification. libssl has no getter for it: it stays when the cache is detached.
    /// </summary>
    SessionIdContext = 8,

    /// <summary>
    /// With a key ring, session ids carry a MAC, and an id without one is not looked up: set it on all nodes of a farm or on none.
    /// libssl has no getter for a generator of ids: one that the host had set is not called any more, and on
    /// detach libssl's own comes back.
    /// </summary>
    SessionIds = 16,

    /// <summary>All of them.</summary>
    All = CacheMode | Stateful | Tickets | SessionIdContext | SessionIds,
}
