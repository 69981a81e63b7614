namespace OpenSslSessionCb;

/// <summary>Which contexts of a process take part.</summary>
public sealed record ProcessAttachOptions
{
    /// <summary>
    /// Asked once for each server context, at its first ClientHello, on the thread of that handshake: true lets it share.
    /// Null: all. An exception counts as false.
    /// </summary>
    public Func<ProcessContextCandidate, bool>? Filter { get; init; }

    /// <summary>
    /// Whether SslStream must be among those that share: AttachToProcess then throws where SslStream does not use OpenSSL, or uses another
    /// libssl than the one bound. False: for hosts that make contexts of their own, with a libssl of their own.
    /// </summary>
    public bool RequireSslStream { get; init; } = true;

    /// <summary>
    /// The intermediates of clients' certificates that SslStream has of its own accord, each in DER (<c>X509Certificate2.RawData</c>):
    /// those in the <c>ExtraStore</c> or <c>CustomTrustStore</c> of the <c>CertificateChainPolicy</c>, or in the system's stores. Copied.
    /// </summary>
    /// <remarks>
    /// A session holds the client's certificate and not what it hangs by. Where the client has sent intermediates that are not
    /// all among these, its session resumes in the process that made it, for as long as it is at hand there, and elsewhere the
    /// client gets a full handshake. What is named here and not known to SslStream costs the client a connection.
    /// </remarks>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> ClientIntermediates { get; init; } = [];

    /// <summary>
    /// Whether connections of contexts that are not SslStream's may end elsewhere than they begin; see
    /// <see cref="SessionCacheAttachOptions.ChangesAfterHello"/>. SslStream's never do.
    /// </summary>
    public bool ChangesAfterHello { get; init; }

    /// <summary>
    /// Whether contexts with session callbacks of their host's share too: ours stand in for them until the end. For servers that
    /// know nothing of us.
    /// </summary>
    internal bool ReplacesHostCallbacks { get; init; }
}
