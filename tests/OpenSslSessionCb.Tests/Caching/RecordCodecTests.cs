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
        byte[] inside = Resealed.Open(_ring, anotherRecord, anotherKey, node.Attachment.IsolationContext, out _);
        store.Records[key] = Resealed.Record(_ring, record, key, node.Attachment.IsolationContext, static fields => fields, inside);

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
        store.Records[key] = Resealed.Record(_ring, record, key, node.Attachment.IsolationContext, Older);

        AssertForged(node, session);
    }

    private static void AssertForged(CacheNode node, ClientSession session)
    {
        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.Forged)], Is.EqualTo(1));
        Assert.That(node.Attachment.FailureCount, Is.Zero, "it was refused before libssl could have had it");
    }
}
