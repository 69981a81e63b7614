namespace OpenSslSessionCb;

/// <summary>One decoded session at hand, and where and until when it may be given out.</summary>
internal sealed class NearCacheEntry(
    SessionPrototype session, byte[] isolationContext, long expiresUnixMilliseconds, long ring) : IDisposable
{
    private int _dropped;

    internal SessionPrototype Session { get; } = session;

    internal byte[] IsolationContext { get; } = isolationContext;

    internal long ExpiresUnixMilliseconds { get; } = expiresUnixMilliseconds;

    /// <summary>The number of the ring that it came under.</summary>
    internal long Ring { get; } = ring;

    /// <summary>Gives the entry's reference back, once, however often the LRU says that the entry is gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _dropped, 1) == 0)
        {
            Session.Release();
        }
    }
}
