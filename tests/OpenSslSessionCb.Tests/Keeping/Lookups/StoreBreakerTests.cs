using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A store that is late or fails too often is left alone, and tried again from time to time.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class StoreBreakerTests(int version) : LeakCheckedTests
{
    private const int Failures = 4;

    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();
    private readonly CollectingLogger _logger = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private SessionCacheOptions Options => new()
    {
        KeyRing = _ring,
        NearCacheCapacity = 0,
        LookupDeadline = TimeSpan.FromMilliseconds(10),
        LoggerFactory = _logger,
        TimeProvider = _clock,
        Breaker = new StoreBreakerOptions { MinimumThroughput = Failures },
    };

    [OneTimeTearDown]
    public void DisposeOfRing()
    {
        _ring.Dispose();
        _logger.Dispose();
    }

    [TestCase(false, TestName = "Lookups_StoreHangs_LeftAloneUntilItAnswers")]
    [TestCase(true, TestName = "Lookups_StoreThrows_LeftAloneUntilItAnswers")]
    public async Task Lookups_StoreInTrouble_LeftAloneUntilItAnswers(bool throws)
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        List<ClientSession> sessions = [.. Enumerable.Range(0, Failures + 6).Select(_ => node.FirstSession())];
        await store.WaitForWrites(sessions.Count);
        var answered = new TaskCompletionSource();
        store.Before = () => throws ? throw new IOException("the disk is on fire") : answered.Task;

        for (int i = 0; i < Failures; i++)
        {
            Assert.That(node.Resumes(sessions[i]), Is.False);
        }

        Assert.That(node.Statistics.IsStoreAway, Is.True);
        int asked = store.Gets;
        long late = node.Statistics.Late;
        for (int i = Failures; i < Failures + 5; i++)
        {
            Assert.That(node.Resumes(sessions[i]), Is.False);
        }

        Assert.That(store.Gets, Is.EqualTo(asked), "asked while it is away");
        Assert.That(node.Statistics.Late - late, Is.EqualTo(5));

        store.Before = null;
        answered.SetResult();
        Assert.That(node.Resumes(sessions[^1]), Is.False, "the break is not over");
        await Eventually.True(() => ResumesAfterABreak(node, sessions[^1]), "the store answers again");
        Assert.That(node.Statistics.IsStoreAway, Is.False);
        sessions.ForEach(static session => session.Dispose());
    }

    [Test]
    public async Task Breaker_OpensAndCloses_OneLineEachInTheLog()
    {
        using var logger = new CollectingLogger();
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options with { LoggerFactory = logger });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(Timeout.Infinite);
        for (int i = 0; i < Failures + 3; i++)
        {
            node.Resumes(session);
        }

        store.Before = null;
        await Eventually.True(() => ResumesAfterABreak(node, session), "the store answers again");
        Assert.That(logger.Lines.Count(static line => line.Contains("left alone", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(logger.Lines.Count(static line => line.Contains("answers again", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    /// <summary>The one lookup that tries the store may be late itself on a busy machine: then the store is left alone once more.</summary>
    private bool ResumesAfterABreak(CacheNode node, ClientSession session)
    {
        _clock.Advance(Options.Breaker.BreakDuration);
        return node.Resumes(session);
    }

    [TestCase(0.0, 5, 2000, 1000, "FailureRatio")]
    [TestCase(1.1, 5, 2000, 1000, "FailureRatio")]
    [TestCase(double.NaN, 5, 2000, 1000, "FailureRatio")]
    [TestCase(0.5, 1, 2000, 1000, "MinimumThroughput")]
    [TestCase(0.5, 5, 499, 1000, "SamplingDuration")]
    [TestCase(0.5, 5, 2000, 499, "BreakDuration")]
    public void Options_OutOfRange_NamedAtStart(double ratio, int throughput, int sampling, int pause, string name)
    {
        var breaker = new StoreBreakerOptions
        {
            FailureRatio = ratio,
            MinimumThroughput = throughput,
            SamplingDuration = TimeSpan.FromMilliseconds(sampling),
            BreakDuration = TimeSpan.FromMilliseconds(pause),
        };
        Assert.That(
            () => new SessionCache(new SpyStore(), Options with { Breaker = breaker }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(name));
    }
}
