using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What the meter says, and that docs/metrics.md lists it all.</summary>
[NonParallelizable]
public sealed class SessionCacheMeterTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Instruments_OneSessionsLife_AreCounted()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION,
            new SessionCacheOptions { KeyRing = _ring, Farm = "shop", NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) });
        using var collected = new CollectedMeter("shop");
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        await Eventually.True(() => node.Statistics.Queued == 0, "the write is confirmed");
        Assert.That(node.Resumes(session), Is.True);
        node.Cache.Remove(ClientView.Id(session));
        await store.WaitForWrites(1);
        Assert.That(node.Resumes(session), Is.False);
        await Eventually.True(() => node.Statistics.Queued == 0, "the new session is written");

        collected.Collect();
        Assert.Multiple(() =>
        {
            Assert.That(collected["openssl.session.created"], Is.EqualTo(2));
            Assert.That(collected["openssl.session.not_kept"], Is.Zero);
            Assert.That(collected["openssl.session.lookups hit store"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.lookups hit near_cache"], Is.Zero);
            Assert.That(collected["openssl.session.lookups miss removed"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.lookups miss absent"], Is.Zero);
            Assert.That(collected["openssl.session.lookups miss late"], Is.Zero);
            Assert.That(collected["openssl.session.lookups miss forged"], Is.Zero);
            Assert.That(collected["openssl.session.lookups miss too_long"], Is.Zero);
            Assert.That(collected["openssl.session.store.puts"], Is.EqualTo(2));
            Assert.That(collected["openssl.session.removals host"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.removals fatal_alert"], Is.Zero);
            Assert.That(collected["openssl.session.write_queue.length"], Is.Zero);
            Assert.That(collected["openssl.session.write_queue.dropped"], Is.Zero);
            Assert.That(collected["openssl.session.near_cache.size"], Is.Zero);
            Assert.That(collected["openssl.session.breaker.open"], Is.Zero);
            Assert.That(collected["openssl.session.errors"], Is.Zero);
            Assert.That(collected.Durations.Select(static duration => duration.Value), Is.All.InRange(double.Epsilon, 1));
            string[] reasons = [.. collected.Durations.Select(static duration => duration.Reason)];
            Assert.That(reasons, Is.EqualTo((string[])["store"]), "what was removed is not asked for");
        });
    }

    [Test]
    public async Task Instruments_StoreInTrouble_SayWhy()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, new SessionCacheOptions
        {
            KeyRing = _ring,
            Farm = "troubled",
            NearCacheCapacity = 0,
            LookupDeadline = TimeSpan.FromMilliseconds(5),
            Breaker = new StoreBreakerOptions
            {
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromMinutes(1),
            },
        });
        using var collected = new CollectedMeter("troubled");
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => throw new IOException("the disk is on fire");
        node.Resumes(session);
        store.Before = static () => Task.Delay(Timeout.Infinite);
        node.Resumes(session);
        node.Resumes(session);

        collected.Collect();
        Assert.Multiple(() =>
        {
            Assert.That(collected["openssl.session.lookups miss failed"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.lookups miss late"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.lookups miss store_away"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.breaker.open"], Is.EqualTo(1));
            Assert.That(collected["openssl.session.errors"], Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Document_ListsEveryInstrumentReasonAndLogLine()
    {
        await using var node = new CacheNode(new MemorySessionStore(), LibSsl.TLS1_2_VERSION, new SessionCacheOptions { Farm = "listed" });
        using var collected = new CollectedMeter("listed");
        collected.Collect();
        string document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"));
        foreach (Instrument instrument in collected.Instruments)
        {
            Assert.That(document, Does.Match($@"`{Regex.Escape(instrument.Name)}` \| [^|]+ \| {Regex.Escape(instrument.Unit!)} \|"));
        }

        foreach (string value in collected.AttributeValues)
        {
            Assert.That(document, Does.Contain($"`{value}`"));
        }

        IEnumerable<string> sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal));
        foreach (string source in sources)
        {
            foreach (Match line in Regex.Matches(await File.ReadAllTextAsync(source), @"\[LoggerMessage\((\d+), LogLevel\.(\w+),"))
            {
                Assert.That(document, Does.Contain($"| {line.Groups[1].Value} | {line.Groups[2].Value} |"), source);
            }
        }
    }
}
