namespace OpenSslSessionCb.Tool.Serving;

/// <summary>What the server itself counts; the cache counts the rest.</summary>
internal sealed class ServerCounters
{
    private long _connections;
    private long _open;
    private long _failedHandshakes;

    /// <summary>All that were accepted.</summary>
    internal long Connections => Interlocked.Read(ref _connections);

    /// <summary>Those that are open now.</summary>
    internal long Open => Interlocked.Read(ref _open);

    internal long FailedHandshakes => Interlocked.Read(ref _failedHandshakes);

    internal void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _open);
    }

    internal void Closed() => Interlocked.Decrement(ref _open);

    internal void HandshakeFailed() => Interlocked.Increment(ref _failedHandshakes);
}
