using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a store may answer: every lie is a full handshake with a counted reason, and nothing in the error queue.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class HostileStoreTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();
    private readonly SessionKeyRing _otherRing = SessionKeyRing.Generate();

    // Ids without a MAC: else those of other farms and rings are refused before the store is asked, and its lies are not heard.
    private SessionCacheOptions Options =>
        new() { KeyRing = _ring, LookupDeadline = TimeSpan.FromSeconds(1), Manage = ManagedSettings.All & ~ManagedSettings.SessionIds };

    [OneTimeTearDown]
    public void DisposeOfRings()
    {
        _ring.Dispose();
        _otherRing.Dispose();
    }

    [Test]
    public Task Record_Truncated_FullHandshake() => Refuses(record => record[..^1], RecordProblem.Forged);

    [Test]
    public Task Record_CutToNothing_FullHandshake() => Refuses(record => record[..10], RecordProblem.NotARecord);

    /// <summary>As a store gives it that cuts what is too long, and as one does that does not.</summary>
    [TestCase(SessionStoreRecord.MaxLength + 1)]
    [TestCase(64 * 1024 * 1024)]
    public Task Record_LongerThanAny_FullHandshake(int length) =>
        Refuses(record => [.. record, .. new byte[length - record.Length]], RecordProblem.TooLong);

    [Test]
    public Task Record_BitFlipped_FullHandshake() => Refuses(record => Flip(record, record.Length / 2), RecordProblem.Forged);

    [Test]
    public Task Record_ExpiryProlonged_FullHandshake() => Refuses(record => Flip(record, 12), RecordProblem.Forged);

    [Test]
    public Task Record_WithoutASeal_FullHandshake()
    {
        // A well-formed plain record of this very session: only the seal is missing.
        return Refuses(record => [.. "OSC"u8, 3, record[4], 0, .. record[6..24], 0, 0, 0, 0, .. record[56..^16]], RecordProblem.NotSealed);
    }

    [Test]
    public async Task Record_OfAnotherSession_FullHandshake()
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options);
        await using var node = new CacheNode(store, version, Options);
        using ClientSession first = maker.FirstSession();
        await store.WaitForWrites(1);
        SessionStoreKey firstKey = store.Records.Keys.Single();
        using ClientSession second = maker.FirstSession();
        await store.WaitForWrites(1);
        byte[] secondRecord = store.Records.Single(pair => pair.Key != firstKey).Value;
        store.Tamper = (key, record) => key == firstKey ? [.. secondRecord] : record;

        AssertFull(node, first, RecordProblem.Forged);
    }

    [Test]
    public async Task Record_SealedWithAnUnknownKey_FullHandshake()
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options with { KeyRing = _otherRing });
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);

        // Its name in the store differs too, so the store has to lie for it to be found at all.
        byte[] record = store.Records.Values.Single();
        store.Tamper = (_, _) => [.. record];

        AssertFull(node, session, RecordProblem.UnknownKey);
    }

    [Test]
    public async Task Record_OfAnotherFarm_FullHandshake()
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options with { Farm = "theirs" });
        await using var node = new CacheNode(store, version, Options with { Farm = "ours" });
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);
        byte[] record = store.Records.Values.Single();
        store.Tamper = (_, _) => [.. record];

        AssertFull(node, session, RecordProblem.Forged);
    }

    [Test]
    public async Task Record_Expired_FullHandshake()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options with { Lifetime = TimeSpan.FromMinutes(10) });
        await using var node = new CacheNode(store, version, Options with { TimeProvider = clock });
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);

        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.That(node.Resumes(session), Is.True, "one minute before its end");

        clock.Advance(TimeSpan.FromMinutes(2));
        AssertFull(node, session, RecordProblem.Expired);
    }

    [Test]
    public async Task Record_WrittenByALibsslThatThisOneCannotRead_FullHandshake()
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options);
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);
        (SessionStoreKey key, byte[] sealedRecord) = store.Records.Single();
        store.Records[key] = Foreign.Reseal(_ring, sealedRecord, key);

        AssertFull(node, session, RecordProblem.Unreadable);
    }

    private static byte[] Flip(byte[] record, int position)
    {
        record[position] ^= 1;
        return record;
    }

    private async Task Refuses(Func<byte[], byte[]> tamper, RecordProblem problem)
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, version, Options);
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);

        // Made before it is asked for: the lookup has a deadline.
        byte[] tampered = tamper([.. store.Records.Values.Single()]);
        store.Tamper = (_, record) => record is null ? null : tampered;

        AssertFull(node, session, problem);
    }

    private static void AssertFull(CacheNode node, ClientSession session, RecordProblem problem)
    {
        SessionCacheStatistics before = node.Statistics;
        LibCrypto.ERR_clear_error();
        Assert.That(node.Resumes(session), Is.False);

        Assert.That(node.Statistics.RejectedByReason[problem.ToString()] - before.RejectedByReason[problem.ToString()], Is.EqualTo(1),
            $"refused as {problem}");
        Assert.That(node.Statistics.Rejected - before.Rejected, Is.EqualTo(1), "refused in all");
        Assert.That(node.Statistics.Errors, Is.Zero);
        Assert.That(LibCrypto.ERR_peek_error().Value, Is.EqualTo((nuint)0), "the error queue");
    }
}
