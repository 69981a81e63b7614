using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>The whole way: two nodes, each with a connection of its own to one Redis.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class RedisFarmTests(int version) : TroubleTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options =>
        new() { Farm = "shop", KeyRing = _ring, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Session_MadeOnOneNode_ResumesOnTheOther()
    {
        await using RedisSessionStore firstStore = await ConnectAsync();
        await using RedisSessionStore secondStore = await ConnectAsync();
        await using var first = new CacheNode(firstStore, version, Options);
        await using var second = new CacheNode(secondStore, version, Options);
        using ClientSession session = first.FirstSession();
        await AllWritten(first);

        Assert.That(second.Resumes(session), Is.True);
        Assert.That(second.Statistics.Hits, Is.EqualTo(1));
        Assert.That(first.Statistics.Errors + second.Statistics.Errors, Is.Zero);
    }

    [Test]
    public async Task Handshakes_RedisPaused_AllFullAndNoneFails()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await using var first = new CacheNode(store, version, Options with { LookupDeadline = TimeSpan.FromMilliseconds(20) });
        using ClientSession session = first.FirstSession();
        await AllWritten(first);
        Redis.Pause();

        // A handshake that fails throws.
        for (int number = 0; number < 20; number++)
        {
            Assert.That(first.Resumes(session), Is.False);
        }

        Redis.Resume();
        await Eventually.True(() => first.Resumes(session), "sessions resume again");
    }

    [Test]
    public async Task Handshakes_RedisKilled_AllFullAndNoneFails()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await using var first = new CacheNode(store, version, Options);
        using ClientSession lost = first.FirstSession();
        await AllWritten(first);
        await Redis.KillAsync();
        for (int number = 0; number < 20; number++)
        {
            Assert.That(first.Resumes(lost), Is.False);
        }

        await Redis.StartAsync();
        await EventuallyWorks(store);
        using ClientSession session = first.FirstSession();
        await AllWritten(first);
        Assert.That(first.Resumes(session), Is.True);
    }

    [Test]
    public async Task Remove_RightAfterManyPuts_TakesEffectLast()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await using var node = new CacheNode(store, version, Options);
        for (int number = 0; number < 50; number++)
        {
            // The first lies in the queue, or is under way, when the removal joins it.
            using ClientSession session = node.FirstSession();
            node.Cache.Remove(IdOf(session));
            await AllWritten(node);
            Assert.That(node.Resumes(session), Is.False, $"session {number}");
        }
    }

    [Test]
    public async Task Dispose_ManyWritesQueued_AllAreInRedis()
    {
        const int Sessions = 300;
        await using RedisSessionStore store = await ConnectAsync();
        await using var proxy = new TcpProxy(Redis.Port) { Delay = TimeSpan.FromMilliseconds(5) };
        await using RedisSessionStore slow = RedisSessionStore.Connect(proxy.Address);
        List<ClientSession> sessions;
        await using (var first = new CacheNode(slow, version, Options))
        {
            sessions = [.. Enumerable.Range(0, Sessions).Select(_ => first.FirstSession())];
        }

        await using var second = new CacheNode(store, version, Options);
        Assert.That(sessions.Count(session => second.Resumes(session)), Is.EqualTo(Sessions));
        sessions.ForEach(static session => session.Dispose());
    }

    private SslSessionId IdOf(ClientSession session) =>
        version == LibSsl.TLS1_2_VERSION ? ClientView.Id(session) : new SslSessionId(ClientView.Ticket(session));

    private static Task AllWritten(CacheNode node) => Eventually.True(() => node.Statistics.Queued == 0, "everything is written");
}
