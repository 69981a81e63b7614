using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What fails inside a callback of the cache: the handshake goes on, and it is counted.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class CallbackFailureTests(int version) : LeakCheckedTests
{
    [Test]
    public async Task Failures_OfContextsAliveAndGone_AreErrorsOfTheCache()
    {
        var clock = new BrokenClock();
        await using var cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { TimeProvider = clock });
        clock.IsBroken = true;
        for (int gone = 0; gone < 3; gone++)
        {
            using TlsContext server = TlsContext.Server(version);
            SessionCacheAttachment attachment = cache.Attach(server);
            Connect(server);
            Assert.That(attachment.FailureCount, Is.EqualTo(1));
            Assert.That(cache.Statistics.Errors, Is.EqualTo(gone + 1), $"with {gone} contexts gone");
        }
    }

    [Test]
    public async Task Keys_Gone_IdsAreLeftToChanceAndHandshakesGoOn()
    {
        var ring = SessionKeyRing.Generate();
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, new SessionCacheOptions { KeyRing = ring });
        ring.Dispose();

        Assert.That(() => node.FirstSession().Dispose(), Throws.Nothing);
        Assert.That(node.Attachment.LastFailure, Is.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task DisposeAsync_Attached_DetachesFromEveryContext()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version);
        await node.Cache.DisposeAsync();

        Assert.That(node.Attachment.IsAttached, Is.False);
        Assert.That(SessionCallbacks.Read(node.Server.Raw), Is.EqualTo(default(SessionCallbackPointers)));
    }

    private void Connect(TlsContext server)
    {
        using TlsContext client = TlsContext.Client(version);
        using var pair = new TlsPair(server, client);
        pair.Connect();
        pair.Close();
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("the clock") : base.GetUtcNow();
    }
}
