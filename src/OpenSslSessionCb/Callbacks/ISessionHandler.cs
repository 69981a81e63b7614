namespace OpenSslSessionCb;

/// <summary>Answers libssl's three session callbacks on the server's side of a context.</summary>
/// <remarks>
/// Called on whichever thread runs the handshake, often on several at once, and the handshake waits: do no I/O here.
/// An exception never reaches libssl: it is counted and logged (see <see cref="SessionAttachment"/>), and the callback
/// answers as if no handler were set. Client connections of the same context are not shown to <see cref="OnNew"/> and
/// <see cref="OnGet"/>; libssl does not say whose a removed session was, so <see cref="OnRemove"/> sees those of clients too.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_sess_set_get_cb/"/>
public interface ISessionHandler
{
    /// <summary>
    /// A session is ready to be cached. To keep it, take a reference (<see cref="SslSessionRef.ToOwned"/>) or its bytes.
    /// TLS 1.2 and below: once, after a full handshake without a ticket. TLS 1.3: once per ticket, also after a resumption.
    /// </summary>
    /// <param name="ssl">The connection, borrowed.</param>
    /// <param name="session">The session, borrowed. Do not change it: the connection is using it.</param>
    void OnNew(SslRef ssl, SslSessionRef session);

    /// <summary>
    /// A client asks to resume <paramref name="id"/>, which libssl does not have. Called twice on one connection
    /// when the server sends a HelloRetryRequest.
    /// </summary>
    /// <param name="ssl">The connection, borrowed.</param>
    /// <param name="id">1 to 32 bytes, chosen by the client. In TLS 1.3 the identity of a stateful ticket, always 32 bytes.</param>
    /// <returns>The session, or that there is none. One with another id, or expired, is treated as none.</returns>
    SessionReply OnGet(SslRef ssl, SslSessionId id);

    /// <summary>
    /// libssl says that a session should not be resumed any more. Copy what is needed and return: before 3.6.5 and 4.0.2
    /// libssl may hold the context's lock (it flushes, evicts, or frees the context), and then a call into its cache from here
    /// fails or deadlocks, and in 1.1.1 corrupts it. Reading counters and settings is always safe. What is removed by such a
    /// call is not shown to this handler again.
    /// </summary>
    /// <param name="session">The session, borrowed.</param>
    /// <param name="reason">Why, as far as libssl lets one know.</param>
    void OnRemove(SslSessionRef session, SessionRemoveReason reason);
}
