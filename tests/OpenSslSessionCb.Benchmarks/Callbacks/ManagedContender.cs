namespace OpenSslSessionCb.Benchmarks;

/// <summary>The managed cache over the store in memory.</summary>
internal sealed class ManagedContender : Contender
{
    private readonly SessionCache _cache;

    /// <param name="which">The handshakes.</param>
    /// <param name="options">Null: the defaults.</param>
    internal ManagedContender(CallbackCase which, SessionCacheOptions? options = null)
        : base(which)
    {
        _cache = new SessionCache(new MemorySessionStore(), options);
        _cache.Attach(Server);
    }

    internal SessionCacheStatistics Statistics => _cache.Statistics;

    protected override bool IsIdle => _cache.Statistics.Queued == 0;

    public override void Dispose()
    {
        _cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }
}
