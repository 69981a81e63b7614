namespace OpenSslSessionCb.Benchmarks;

/// <summary>The managed cache with its defaults over the store in memory.</summary>
internal sealed class ManagedContender : Contender
{
    private readonly SessionCache _cache = new(new MemorySessionStore());

    internal ManagedContender(CallbackCase which)
        : base(which) => _cache.Attach(Server);

    internal SessionCacheStatistics Statistics => _cache.Statistics;

    protected override bool IsIdle => _cache.Statistics.Queued == 0;

    public override void Dispose()
    {
        _cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }
}
