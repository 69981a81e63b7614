using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What attaching a cache does to a context, and what detaching undoes.</summary>
public sealed class AttachSettingsTests : LeakCheckedTests
{
    [Test]
    public async Task Attach_PutsSettingsRight_AndDetachPutsThemBack()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        ContextSetup.CacheMode(server, LibSsl.SSL_SESS_CACHE_BOTH);
        ContextSetup.Tickets(server, 5);
        ContextView before = ContextView.Of(server);
        await using var cache = new SessionCache(new MemorySessionStore());

        using (cache.Attach(server))
        {
            Assert.That(
                ContextView.Of(server),
                Is.EqualTo(new ContextView(LibSsl.SSL_SESS_CACHE_BOTH | LibSsl.SSL_SESS_CACHE_NO_INTERNAL, true, 1)));
        }

        Assert.That(ContextView.Of(server), Is.EqualTo(before));
    }

    [Test]
    public async Task Attach_NothingToBeManaged_LeavesTheContextToTheHost()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        ContextView before = ContextView.Of(server);
        await using var cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { Manage = ManagedSettings.None });
        using SessionCacheAttachment attachment = cache.Attach(server);

        Assert.That(ContextView.Of(server), Is.EqualTo(before));
    }

    [Test]
    public async Task Attach_TicketsLeftStateless_SessionsThatNobodyCanAskForAreNotKept()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var node = new CacheNode(
            store, LibSsl.TLS1_3_VERSION, new SessionCacheOptions { Manage = ManagedSettings.All & ~ManagedSettings.Stateful });
        using ClientSession session = node.FirstSession();

        Assert.That(node.Resumes(session), Is.True, "by libssl's own ticket");
        Assert.That(node.Statistics.NotKept, Is.EqualTo(2));
        await node.Cache.DisposeAsync();
        Assert.That(store.Records, Is.Empty);
    }

    [TestCase(LibSsl.TLS1_2_VERSION)]
    [TestCase(LibSsl.TLS1_3_VERSION)]
    public async Task Attach_Twice_IsRefusedAndTheFirstGoesOn(int version)
    {
        await using var node = new CacheNode(new MemorySessionStore(), version);
        await using var other = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { Farm = "other" });
        using ClientSession session = node.FirstSession();
        ContextView before = ContextView.Of(node.Server);

        Assert.That(() => node.Cache.Attach(node.Server), Throws.InvalidOperationException.With.Message.Contains("already"));
        Assert.That(() => other.Attach(node.Server), Throws.InvalidOperationException);
        Assert.That(node.Attachment.IsAttached);
        Assert.That(ContextView.Of(node.Server), Is.EqualTo(before));
        Assert.That(node.Resumes(session), Is.True, "the other farm's session id context was not set");
    }

    [Test]
    public async Task Attach_EarlyDataAllowed_IsRefusedInOneSentence()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        ContextSetup.EarlyData(server, 1024);
        await using var cache = new SessionCache(new MemorySessionStore());

        Assert.That(() => cache.Attach(server), Throws.InvalidOperationException.With.Message.Contains("SSL_CTX_set_max_early_data"));
        Assert.That(SessionCallbacks.Read(server.Raw), Is.EqualTo(default(SessionCallbackPointers)));
    }

    [Test]
    public async Task Attach_NullPointerOrClosedHandle_IsRefused()
    {
        await using var cache = new SessionCache(new MemorySessionStore());
        TlsContext server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        server.Dispose();

        Assert.That(() => cache.Attach(0), Throws.ArgumentNullException);
        Assert.That(() => cache.Attach(server), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCaseSource(nameof(BadOptions))]
    public void Options_OutOfRange_AreRefusedBeforeAnythingBegins(SessionCacheOptions options) =>
        Assert.That(() => new SessionCache(new MemorySessionStore(), options), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void KeyRing_MissingForAStoreOutsideTheProcess_IsRefusedInOneSentence() =>
        Assert.That(() => new SessionCache(new SpyStore()), Throws.ArgumentException.With.Message.Contains("KeyRing"));

    private static IEnumerable<SessionCacheOptions> BadOptions() =>
    [
        new() { Farm = "" },
        new() { Farm = new string('x', 257) },
        new() { Lifetime = TimeSpan.Zero },
        new() { Lifetime = TimeSpan.FromDays(8) },
        new() { MaxAge = TimeSpan.FromMilliseconds(1) },
        new() { LookupDeadline = TimeSpan.Zero },
        new() { LookupDeadline = TimeSpan.FromMinutes(1) },
        new() { NearCacheCapacity = -1 },
        new() { NearCacheLifetime = TimeSpan.Zero },
        new() { WriteQueueCapacity = 0 },
        new() { FlushTimeout = TimeSpan.FromSeconds(-1) },
        new() { Tickets = -1 },
        new() { Tickets = 17 },
    ];
}
