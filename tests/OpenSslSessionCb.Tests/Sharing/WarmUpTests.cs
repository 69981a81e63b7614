using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What goes once through a lookup before the first client does.</summary>
public sealed class WarmUpTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task WarmUp_AsksTheStoreAndCountsNothing()
    {
        var store = new SpyStore();
        await using var cache = new SessionCache(
            store, new SessionCacheOptions { KeyRing = _ring, LookupDeadline = TimeSpan.FromSeconds(1) });
        await cache.WarmUpAsync();

        Assert.That(store.Gets, Is.GreaterThanOrEqualTo(2));
        SessionCacheStatistics statistics = cache.Statistics;
        Assert.That((statistics.Get, statistics.Late, statistics.Errors, statistics.Rejected), Is.EqualTo((0L, 0L, 0L, 0L)));
        Assert.That(cache.Statistics.IsStoreAway, Is.False);
    }

    [Test]
    public async Task WarmUp_StoreThrows_DoesNot()
    {
        var store = new SpyStore { Before = static () => throw new IOException("the disk is on fire") };
        await using var cache = new SessionCache(store, new SessionCacheOptions { KeyRing = _ring });

        Assert.That(cache.WarmUpAsync, Throws.Nothing);
    }

    [Test]
    public async Task WarmUp_StoreHangs_EndsAllTheSame()
    {
        var store = new SpyStore { Before = static () => Task.Delay(Timeout.Infinite) };
        await using var cache = new SessionCache(store, new SessionCacheOptions { KeyRing = _ring });

        Assert.That(async () => await cache.WarmUpAsync().WaitAsync(TimeSpan.FromSeconds(30)), Throws.Nothing);
    }
}
