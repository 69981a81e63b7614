using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What is asked ahead, libssl need not wait for.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class LookAheadTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromMilliseconds(20) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Session_AskedAhead_ResumesWithoutAskingAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options with { LookupDeadline = TimeSpan.FromSeconds(1) });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(50);
        await node.Cache.LookAheadAsync([IdOf(session)], default);
        store.Before = static () => throw new InvalidOperationException("libssl's thread asks the store");

        Assert.That(node.Resumes(session), Is.True);
        Assert.That(store.Gets, Is.EqualTo(1));
        Assert.That(node.Statistics.Errors, Is.Zero);
    }

    [Test]
    public async Task Session_AbsentOrLateAhead_IsNotAskedForAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession absent = node.FirstSession();
        using ClientSession late = node.FirstSession();
        await store.WaitForWrites(2);
        store.Records.Clear();

        await node.Cache.LookAheadAsync([IdOf(absent)], default);
        store.Before = static () => Task.Delay(Timeout.Infinite);
        await node.Cache.LookAheadAsync([IdOf(late)], default);
        int asked = store.Gets;

        Assert.That(node.Resumes(absent), Is.False);
        Assert.That(node.Resumes(late), Is.False);
        Assert.That(store.Gets, Is.EqualTo(asked));
        Assert.That(node.Statistics.Late, Is.EqualTo(1));
    }

    [Test]
    public async Task Session_RemovedAfterItWasAskedAhead_DoesNotResume()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        SslSessionId id = IdOf(session);
        await node.Cache.LookAheadAsync([id], default);
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
            await node.Cache.LookAheadAsync([new SslSessionId(id)], default);
        }

        Assert.That(store.Gets, Is.Zero);
    }

    [Test]
    public void Answers_OfTwoThousandHandshakesThatAreUnderWay_AreAllKept()
    {
        var answers = new LookedAheadAnswers();
        SessionStoreKey[] keys = [.. Enumerable.Range(0, 2000).Select(static number => new SessionStoreKey([.. BitConverter.GetBytes(number), .. new byte[SessionStoreKey.Length - 4]]))];
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

        Assert.That(async () => await node.Cache.LookAheadAsync([IdOf(session)], default), Throws.Nothing);
        Assert.That(node.Statistics.Errors, Is.EqualTo(1));
    }

    [Test]
    public async Task Token_Set_EndsTheWait()
    {
        var store = new SpyStore { Before = static () => Task.Delay(Timeout.Infinite) };
        await using var node = new CacheNode(store, version, Options with { LookupDeadline = TimeSpan.FromSeconds(1) });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        using var gone = new CancellationTokenSource();
        ValueTask waiting = node.Cache.LookAheadAsync([IdOf(session)], gone.Token);
        await gone.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>The id that a client will send, on this version.</summary>
    private SslSessionId IdOf(ClientSession session) =>
        version == LibSsl.TLS1_3_VERSION ? new SslSessionId(ClientView.Ticket(session)) : ClientView.Id(session);
}
