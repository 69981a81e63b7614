using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A genuine seal is not enough: the session inside must be the one that was asked for.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class RecordCodecTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Record_SealedWithAnotherSessionInside_IsRefusedAsForged()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        (SessionStoreKey key, byte[] record) = store.Records.Single();
        using ClientSession another = node.FirstSession();
        await store.WaitForWrites(1);
        (SessionStoreKey anotherKey, byte[] anotherRecord) = store.Records.Single(pair => pair.Key != key);
        byte[] inside = Resealed.Open(_ring, anotherRecord, anotherKey, out _);
        store.Records[key] = Resealed.Record(_ring, record, key, static fields => fields, inside);

        AssertForged(node, session);
    }

    [Test]
    public async Task Record_SealedUnderAnotherProtocolVersion_IsRefusedAsForged()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        (SessionStoreKey key, byte[] record) = store.Records.Single();
        static RecordFields Older(RecordFields fields) => fields with { ProtocolVersion = TlsProtocolVersion.Tls11 };
        store.Records[key] = Resealed.Record(_ring, record, key, Older);

        AssertForged(node, session);
    }

    /// <summary>A store that does not cut what is too long has made the process pay for it once: it does not pay twice.</summary>
    [Test]
    public void Record_TooLong_IsRefusedWithoutABufferForIt()
    {
        byte[] record = new byte[32 * 1024 * 1024];
        var codec = new RecordCodec(new RecordSealer(_ring, SealedSession.Farm), TimeProvider.System);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordProblem problem = codec.TryDecode(record, SealedSession.Id, out _, out _, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(problem, Is.EqualTo(RecordProblem.TooLong));
        Assert.That(allocated, Is.LessThan(64 * 1024), "bytes allocated");
    }

    private static void AssertForged(CacheNode node, ClientSession session)
    {
        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.Forged)], Is.EqualTo(1));
        Assert.That(node.Attachment.FailureCount, Is.Zero, "it was refused before libssl could have had it");
    }
}
