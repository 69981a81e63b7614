using System.Diagnostics.Metrics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Whose meter it is says who ends it.</summary>
[NonParallelizable]
public sealed class MeterEndTests
{
    [Test]
    public async Task Cache_Disposed_ItsOwnMeterReportsNoMore()
    {
        using var collected = new CollectedMeter("ended");
        await using (new SessionCache(new MemorySessionStore(), new SessionCacheOptions { Farm = "ended" }))
        {
            Assert.That(Reports(collected), Is.True);
        }

        Assert.That(Reports(collected), Is.False);
    }

    [Test]
    public async Task Cache_Disposed_TheFactorysMeterGoesOn()
    {
        using var factory = new Factory();
        using var collected = new CollectedMeter("goes on");
        await using (new SessionCache(new MemorySessionStore(), new SessionCacheOptions { Farm = "goes on", MeterFactory = factory }))
        {
            Assert.That(Reports(collected), Is.True);
        }

        Assert.That(Reports(collected), Is.True);
    }

    private static bool Reports(CollectedMeter collected)
    {
        collected.Forget();
        collected.Collect();
        return collected.AttributeValues.Count > 0;
    }

    private sealed class Factory : IMeterFactory
    {
        private readonly Meter _meter = new(SessionCacheMeter.Name);

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }
}
