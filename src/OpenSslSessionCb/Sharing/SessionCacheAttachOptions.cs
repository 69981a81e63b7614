namespace OpenSslSessionCb;

/// <summary>How a cache is attached to a context: what cannot be read off the context.</summary>
public sealed record SessionCacheAttachOptions
{
    /// <summary>
    /// Whether the host's handshakes can be suspended: SSL_do_handshake then returns -1 with SSL_ERROR_WANT_CLIENT_HELLO_CB where the store
    /// must be asked, and is called again after <see cref="SessionCacheAttachment.WaitForLookupAsync"/>. So no thread waits for a store.
    /// </summary>
    /// <remarks>
    /// The context's ClientHello callback is set. libssl has no getter for it: one that the host had set is not called any more, and
    /// ours stays, idle, when the attachment ends. A host with a callback of its own leaves this false and calls
    /// <see cref="SessionCacheAttachment.MustWaitForLookup"/> there.
    /// </remarks>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_client_hello_cb/"/>
    public bool LookAhead { get; init; }

    /// <summary>
    /// Whether a connection may end elsewhere than it begins: the host has a callback for the server name
    /// (SSL_CTX_set_tlsext_servername_callback) or for the certificate (SSL_CTX_set_cert_cb) that may switch its SSL_CTX, show
    /// another certificate, or change the verification of clients. libssl looks for the session before it calls either.
    /// </summary>
    /// <remarks>
    /// Then a session resumes under a host name only when this process has seen where that name leads: the first client that comes back
    /// under each name makes a full handshake. 4,096 names are remembered, those asked for most lately. Sessions of connections that
    /// end elsewhere resume only where the other context shows the same certificate, and neither verifies clients. When a name comes to
    /// lead elsewhere while the process runs, attach anew.
    /// </remarks>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_tlsext_servername_callback/"/>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_cert_cb/"/>
    public bool ChangesAfterHello { get; init; }
}
