using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What is asked ahead, libssl need not wait for.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class LookAheadTests(int version) : LeakCheckedTests
{
    /// <summary>For a store that answers, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan s_enough = TimeSpan.FromSeconds(1);

    /// <summary>For one that does not.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(20);

    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    // What was asked ahead is remembered for two seconds: on this clock, however long a busy machine takes.
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private SessionCacheOptions Options => new()
    {
        KeyRing = _ring,
        NearCacheCapacity = 0,
        LookupDeadline = s_enough,
        TimeProvider = _clock,
    };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Session_AskedAhead_ResumesWithoutAskingAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static async () => await Task.Yield();
        await node.Cache.Ahead.AskAsync([IdOf(session)], default);
        store.Before = static () => throw new InvalidOperationException("libssl's thread asks the store");

        Assert.That(node.Resumes(session), Is.True);
        Assert.That(store.Gets, Is.EqualTo(1));
        Assert.That(node.Statistics.Errors, Is.Zero);
    }

    [Test]
    public async Task Session_AbsentOrLateAhead_IsNotAskedForAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options with { LookupDeadline = s_short });
        using ClientSession absent = node.FirstSession();
        using ClientSession late = node.FirstSession();
        await store.WaitForWrites(2);
        store.Records.Clear();

        // On a busy machine that one may be late too: it is remembered all the same.
        await node.Cache.Ahead.AskAsync([IdOf(absent)], default);
        long before = node.Statistics.Late;
        store.Before = static () => Task.Delay(Timeout.Infinite);
        await node.Cache.Ahead.AskAsync([IdOf(late)], default);

        Assert.That(node.Resumes(absent), Is.False);
        Assert.That(node.Resumes(late), Is.False);
        Assert.That(store.Gets, Is.LessThanOrEqualTo(2), "each is asked for once");
        Assert.That(node.Statistics.Late - before, Is.EqualTo(1));
    }

    [Test]
    public async Task Session_AskedAheadAndTheClientIsSlow_IsAskedForAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        await node.Cache.Ahead.AskAsync([IdOf(session)], default);
        _clock.Advance(LookedAheadAnswers.Lifetime);

        Assert.That(node.Resumes(session), Is.True);
        Assert.That(store.Gets, Is.EqualTo(2));
    }

    [Test]
    public async Task Session_RemovedAfterItWasAskedAhead_DoesNotResume()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        SslSessionId id = IdOf(session);
        await node.Cache.Ahead.AskAsync([id], default);
        node.Cache.Remove(id);
        await store.WaitForWrites(1);

        Assert.That(node.Resumes(session), Is.False);
    }

    [Test]
    public async Task Ids_ThatNoneOfUsMade_AreNotAskedFor()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        node.FirstSession().Dispose();
        await store.WaitForWrites(1);
        var id = new byte[SslSessionId.MaxLength];
        for (int i = 0; i < 100; i++)
        {
            Random.Shared.NextBytes(id);
            await node.Cache.Ahead.AskAsync([new SslSessionId(id)], default);
        }

        Assert.That(store.Gets, Is.Zero);
    }

    [Test]
    public void Answers_OfTwoThousandHandshakesThatAreUnderWay_AreAllKept()
    {
        var answers = new LookedAheadAnswers(_clock);
        SessionStoreKey[] keys = [.. Enumerable.Range(0, 2000)
            .Select(static number => new SessionStoreKey([.. BitConverter.GetBytes(number), .. new byte[SessionStoreKey.Length - 4]]))];
        foreach (SessionStoreKey key in keys)
        {
            answers.Keep(key, new LookupAnswer(LookupOutcome.Absent));
        }

        Assert.That(keys.Count(key => answers.TryGet(key, out _)), Is.EqualTo(keys.Length));
    }

    [Test]
    public async Task Keys_Gone_NobodyHearsOfItButTheCounter()
    {
        var store = new SpyStore();
        var ring = SessionKeyRing.Generate();
        await using var node = new CacheNode(store, version, Options with { KeyRing = ring });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        ring.Dispose();

        Assert.That(async () => await node.Cache.Ahead.AskAsync([IdOf(session)], default), Throws.Nothing);
        Assert.That(node.Statistics.Errors, Is.EqualTo(1));
    }

    [Test]
    public async Task Token_Set_EndsTheWait()
    {
        var store = new SpyStore { Before = static () => Task.Delay(Timeout.Infinite) };
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        using var gone = new CancellationTokenSource();
        ValueTask waiting = node.Cache.Ahead.AskAsync([IdOf(session)], gone.Token);
        await gone.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>The id that a client will send, on this version.</summary>
    private SslSessionId IdOf(ClientSession session) =>
        version == LibSsl.TLS1_3_VERSION ? new SslSessionId(ClientView.Ticket(session)) : ClientView.Id(session);
}
