namespace OpenSslSessionCb;

/// <summary>Which contexts of a process take part.</summary>
public sealed record ProcessAttachOptions
{
    /// <summary>
    /// Asked once for each server context, at its first ClientHello, on the thread of that handshake: true lets it share.
    /// Null: all. An exception counts as false.
    /// </summary>
    public Func<ProcessContextCandidate, bool>? Filter { get; init; }
}
