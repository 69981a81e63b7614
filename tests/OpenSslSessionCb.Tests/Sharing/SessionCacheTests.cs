using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>The main job: a session made on one node resumes on another.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class SessionCacheTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, Farm = "shop", LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Session_MadeOnOneNode_ResumesOnAnother(bool mutual)
    {
        var store = new SpyStore();
        await using var first = new CacheNode(store, version, Options, mutual: mutual);
        await using var second = new CacheNode(store, version, Options, mutual: mutual);
        using ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(second.Resumes(session), Is.True, "on the other node");
        Assert.That(first.Resumes(session), Is.True, "on its own node");
        Assert.That(second.Statistics.Hits, Is.EqualTo(1));
        Assert.That(second.Statistics.NearHits, Is.Zero);
        Assert.That(first.Statistics.NearHits, Is.EqualTo(1));
        Assert.That(second.Statistics.Errors + second.Statistics.Rejected, Is.Zero);
    }

    [Test]
    public async Task Session_MadeBeforeTheCacheWasMadeAnew_StillResumes()
    {
        var store = new SpyStore();
        ClientSession session;
        await using (var first = new CacheNode(store, version, Options))
        {
            session = first.FirstSession();
        }

        await using var restarted = new CacheNode(store, version, Options);
        Assert.That(restarted.Resumes(session), Is.True);
        session.Dispose();
    }

    [Test]
    public async Task Session_WithoutAClientCertificate_DoesNotCrossToANodeThatDemandsOne()
    {
        var store = new SpyStore();
        await using var open = new CacheNode(store, version, Options);
        await using var strict = new CacheNode(store, version, Options, mutual: true);
        using ClientSession session = open.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(strict.Resumes(session), Is.False);
        Assert.That(strict.Statistics.Hits, Is.Zero);
    }

    [Test]
    public async Task Session_OfAnotherServerCertificate_DoesNotCross()
    {
        var store = new SpyStore();
        await using var first = new CacheNode(store, version, Options);
        await using var second = new CacheNode(store, version, Options, rsa: true);
        using ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(second.Resumes(session), Is.False);
        Assert.That(second.Statistics.Hits, Is.Zero);
    }

    [Test]
    public async Task Session_OfAnotherFarm_DoesNotCross()
    {
        var store = new SpyStore();
        await using var first = new CacheNode(store, version, Options);
        await using var second = new CacheNode(store, version, Options with { Farm = "other" });
        using ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(second.Resumes(session), Is.False);
        Assert.That(second.Attachment.IsolationContext.SequenceEqual(first.Attachment.IsolationContext), Is.False);
    }

    [Test]
    public async Task Store_HoldsNeitherIdNorMasterSecret()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);

        (SessionStoreKey key, byte[] record) = store.Records.Single();
        byte[] id = IdOf(session);
        Assert.That(key.ToArray(), Is.Not.EqualTo(id));
        Assert.That(record.AsSpan().IndexOf(id.AsSpan(0, 8)), Is.Negative);
        Assert.That(record.AsSpan().IndexOf(MasterKeyOf(session).AsSpan(0, 8)), Is.Negative);
    }

    [Test]
    public async Task Remove_ByTheHost_IsAFullHandshakeEverywhere()
    {
        var store = new SpyStore();
        await using var first = new CacheNode(store, version, Options);
        await using var second = new CacheNode(store, version, Options);
        using ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);

        first.Cache.Remove(new SslSessionId(IdOf(session)));
        await store.WaitForWrites(1);

        Assert.That(first.Resumes(session), Is.False);
        Assert.That(second.Resumes(session), Is.False);
    }

    private byte[] IdOf(ClientSession session) =>
        version == LibSsl.TLS1_2_VERSION ? ClientView.Id(session).ToArray() : ClientView.Ticket(session);

    private static byte[] MasterKeyOf(ClientSession session) => ClientView.MasterKey(session);
}
