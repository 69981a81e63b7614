using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What is at hand is given out no further and no longer than what is in the store.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class NearCacheTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();
    private FakeTimeProvider _clock = null!;

    private SessionCacheOptions Options => new() { KeyRing = _ring, TimeProvider = _clock, LookupDeadline = TimeSpan.FromSeconds(1) };

    [SetUp]
    public void SetClock() => _clock = new FakeTimeProvider(DateTimeOffset.UtcNow);

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Session_HostKeepsOneSessionIdContextForAll_DoesNotCrossToAContextThatDemandsACertificate([Values] bool isOneCache)
    {
        await using var store = new MemorySessionStore();
        SessionCacheOptions options = Options with
        {
            LeaveStoreOpen = true,
            Manage = ManagedSettings.All & ~ManagedSettings.SessionIdContext,
        };
        await using var cache = new SessionCache(store, options);
        await using var other = new SessionCache(store, options);
        using TlsContext open = TlsContext.Server(version);
        using TlsContext strict = TlsContext.Server(version, mutual: true);
        ContextSetup.SessionIdContext(open, [1]);
        ContextSetup.SessionIdContext(strict, [1]);
        cache.Attach(open);
        (isOneCache ? cache : other).Attach(strict);
        using ClientSession session = Connect(open, null, out _);
        await Eventually.True(() => cache.Statistics.Queued == 0, "it is written");

        Connect(strict, session, out bool crosses).Dispose();
        Connect(open, session, out bool resumes).Dispose();
        Assert.That((crosses, resumes), Is.EqualTo((false, true)));
        Assert.That(cache.Statistics.NearHits, Is.EqualTo(1), "or it was not at hand, and the test proves nothing");
    }

    [TestCase(120, 60, 61, Description = "NearCacheLifetime is over, the session's is not.")]
    [TestCase(60, 120, 61, Description = "The session's lifetime is over.")]
    public async Task Session_AtHandForTooLong_IsAskedForAgain(int lifetime, int nearLifetime, int seconds)
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options with
        {
            Lifetime = TimeSpan.FromSeconds(lifetime),
            NearCacheLifetime = TimeSpan.FromSeconds(nearLifetime),
        });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        Assert.That((node.Resumes(session), node.Statistics.NearHits), Is.EqualTo((true, 1)), "while it is at hand");

        _clock.Advance(TimeSpan.FromSeconds(seconds));
        int asked = store.Gets;
        bool resumed = node.Resumes(session);
        Assert.That((resumed, node.Statistics.NearHits, store.Gets - asked), Is.EqualTo((lifetime > seconds, 1, 1)));
    }

    [Test]
    public async Task Session_OpenedFromTheStore_IsAtHandForTheNearLifetimeOnly()
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options);
        await using var node = new CacheNode(store, version, Options with { NearCacheLifetime = TimeSpan.FromMinutes(1) });
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);
        Assert.That(node.Resumes(session), Is.True, "from the store");
        Assert.That((node.Resumes(session), node.Statistics.NearHits), Is.EqualTo((true, 1)), "at hand");

        // Removed by another node.
        store.Records.Clear();
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That(node.Resumes(session), Is.False);
    }

    [Test]
    public async Task Session_OfAnotherCertificateWhereTheHostSetsTheIdContexts_IsNotGivenOut()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        SessionCacheOptions options = new() { Manage = ManagedSettings.All & ~ManagedSettings.SessionIdContext };
        await using var maker = new CacheNode(store, version, options);
        await using var other = new CacheNode(store, version, options, rsa: true);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(maker.Resumes(session), Is.True, "or it resumes nowhere, and the test proves nothing");
        other.Connect(session, out ClientSession next);
        next.Dispose();
        Assert.That((other.Statistics.Hits, other.Statistics.RejectedByReason[nameof(RecordProblem.OtherScope)]), Is.EqualTo((0, 1)));
    }

    [Test]
    public unsafe void Entry_DisposedOfTwice_LeavesTheSessionToItsOtherUsers()
    {
        using TlsContext server = TlsContext.Server(version);
        using TlsContext client = TlsContext.Client(version);
        using var pair = new TlsPair(server, client);
        pair.Connect();
        var session = new SslSessionRef(LibSsl.SSL_get_session(pair.Server));
        var connection = new SslRef(pair.Server);
        SessionPrototype prototype = SessionPrototype.CopyOf(
            session, connection, DateTimeOffset.UtcNow, client: null, leavesHostData: false)!;
        Assert.That(prototype.TryShare(), Is.True);
        var entry = new NearCacheEntry(prototype, [], 0, ring: 0);
        entry.Dispose();
        entry.Dispose();
        bool isAlive = prototype.TryShare();
        if (isAlive)
        {
            prototype.Release();
        }

        prototype.ReleaseFirst();
        pair.Close();
        Assert.That(isAlive, Is.True);
    }

    private ClientSession Connect(TlsContext server, ClientSession? offer, out bool resumed)
    {
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using var pair = new TlsPair(server, client, offer);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }
}
