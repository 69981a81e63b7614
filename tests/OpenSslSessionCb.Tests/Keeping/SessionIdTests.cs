using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Ids that carry a MAC: what nobody of the farm made costs no trip to the store.</summary>
public sealed class SessionIdTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Get_RandomLegacyIdOfATls13Client_DoesNotReachTheStore()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using TlsContext client = TlsContext.Client(0);
        using (var pair = new TlsPair(node.Server, client))
        {
            pair.Connect();
            pair.Close();
        }

        Assert.That(node.Statistics.Get, Is.EqualTo(1), "or this client sends none, and the test proves nothing");
        Assert.That(node.Statistics.ForeignIds, Is.EqualTo(1));
        Assert.That(store.Gets, Is.Zero);
    }

    [Test]
    public async Task Get_FloodOfRandomIds_DoesNotReachTheStore()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        var random = new Random(1);
        var id = new byte[32];
        using var connection = new IdleConnection(node.Server);
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(id);
            connection.Ask(id);
        }

        Assert.That(node.Statistics.ForeignIds, Is.EqualTo(100_000));
        Assert.That(store.Gets, Is.Zero);
    }

    [TestCase(LibSsl.TLS1_2_VERSION)]
    [TestCase(LibSsl.TLS1_3_VERSION)]
    public async Task Ids_OfAnotherFarm_DoNotReachTheStore(int version)
    {
        var store = new SpyStore();
        await using var ours = new CacheNode(store, version, Options with { Farm = "ours" });
        await using var theirs = new CacheNode(store, version, Options with { Farm = "theirs" });
        using ClientSession session = theirs.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(ours.Resumes(session), Is.False);
        Assert.That(store.Gets, Is.Zero);
        Assert.That(theirs.Resumes(session), Is.True);
    }

    [Test]
    public async Task Ids_LeftToTheHost_AreLookedUpWhateverTheyAre()
    {
        var store = new SpyStore();
        SessionCacheOptions options = Options with { Manage = ManagedSettings.All & ~ManagedSettings.SessionIds };
        await using var first = new CacheNode(store, LibSsl.TLS1_2_VERSION, options);
        await using var second = new CacheNode(store, LibSsl.TLS1_2_VERSION, options);
        using ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(second.Resumes(session), Is.True);
        Assert.That(second.Statistics.ForeignIds, Is.Zero);
    }

    [Test]
    public async Task Detach_IdsAreLibsslsOwnAgain()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        node.Attachment.Dispose();
        ContextSetup.CacheMode(node.Server, LibSsl.SSL_SESS_CACHE_SERVER);
        using ClientSession session = node.FirstSession();

        var mac = new SessionIdMac(_ring, new FarmName("default"));
        Assert.That(mac.IsGenuine(ClientView.Id(session)), Is.False);
    }

    [Test]
    public void Id_AnyBitFlipped_IsNotGenuine()
    {
        var mac = new SessionIdMac(_ring, new FarmName("default"));
        var id = new byte[32];
        mac.Fill(id);
        Assert.That(mac.IsGenuine(new SslSessionId(id)), Is.True);
        Assert.That(new SessionIdMac(_ring, new FarmName("another")).IsGenuine(new SslSessionId(id)), Is.False);
        Assert.That(mac.IsGenuine(new SslSessionId(id.AsSpan(0, 31))), Is.False);
        for (int bit = 0; bit < 256; bit++)
        {
            id[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(mac.IsGenuine(new SslSessionId(id)), Is.False, $"bit {bit}");
            id[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
