using System.Diagnostics.Metrics;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Who is told that a store fails: all is counted, little is logged, and no listener of the host's does any harm.</summary>
[NonParallelizable]
public sealed class StoreFailureLogTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    // Never opens: each failure is one of the store.
    private SessionCacheOptions Options => new()
    {
        KeyRing = _ring,
        NearCacheCapacity = 0,
        LookupDeadline = TimeSpan.FromSeconds(1),
        Breaker = new StoreBreakerOptions { MinimumThroughput = 1000 },
    };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Log_StoreFailsManyTimesAtOnce_OneLineAndAllAreCounted()
    {
        using var logger = new CollectingLogger();
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options with { LoggerFactory = logger });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => throw new IOException("the disk is on fire");
        for (int i = 0; i < 20; i++)
        {
            node.Resumes(session);
        }

        Assert.That(node.Statistics.Errors, Is.EqualTo(20));
        Assert.That(logger.Lines.Count(static line => line.Contains("The session store failed", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(logger.Exceptions, Has.One.InstanceOf<IOException>());
    }

    [Test]
    public async Task Log_ThrowsItself_FailureIsStillTheStoresAndTheNextLookupIsTried()
    {
        using var logger = new CollectingLogger(throws: true);
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options with { LoggerFactory = logger });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => throw new IOException("the disk is on fire");
        Assert.That(node.Resumes(session), Is.False);
        Assert.That((node.Statistics.Errors, node.Statistics.Late), Is.EqualTo((1, 0)));

        store.Before = null;
        Assert.That(node.Resumes(session), Is.True);
    }

    [Test]
    public async Task MeterListener_Throws_SessionResumesAllTheSame()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        int heard = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "openssl.session.store.lookup.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
        {
            Interlocked.Increment(ref heard);
            throw new InvalidOperationException("the listener");
        });
        listener.Start();

        Assert.That(node.Resumes(session), Is.True);
        Assert.That((heard, node.Attachment.FailureCount), Is.EqualTo((1, 0)));
    }
}
