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
    /// Whether contexts with session callbacks of their host's share too: ours stand in for them until the end. For servers that
    /// know nothing of us.
    /// </summary>
    internal bool ReplacesHostCallbacks { get; init; }

    /// <summary>
    /// Whether the host may move a connection to another context after its ClientHello, in the callback for the server name.
    /// SslStream never does.
    /// </summary>
    internal bool FollowsServerNames { get; init; }
}
