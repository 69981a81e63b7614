using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>TLS 1.3 gives out a new session on every resumption.</summary>
public sealed class RenewalTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options =>
        new() { KeyRing = _ring, MaxAge = TimeSpan.FromHours(24), LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Renewals_OnAlternatingNodes_EachResumesAndEachIsStored()
    {
        var store = new SpyStore();
        await using var first = new CacheNode(store, LibSsl.TLS1_3_VERSION, Options);
        await using var second = new CacheNode(store, LibSsl.TLS1_3_VERSION, Options);
        ClientSession session = first.FirstSession();
        await store.WaitForWrites(1);
        for (int i = 0; i < 4; i++)
        {
            CacheNode node = i % 2 == 0 ? second : first;
            Assert.That(node.Connect(session, out ClientSession next), Is.True, $"renewal {i}");
            await store.WaitForWrites(1);
            session.Dispose();
            session = next;
        }

        session.Dispose();
        Assert.That(store.Records, Has.Count.EqualTo(5));
    }

    [TestCase(false, TestName = "Renewal_FromTheStore_KeepsTheAgeOfTheFullHandshake")]
    [TestCase(true, TestName = "Renewal_FromTheNearCache_KeepsTheAgeOfTheFullHandshake")]
    public async Task Renewal_KeepsTheAgeOfTheFullHandshake(bool nearby)
    {
        var store = new SpyStore();
        await using var maker = new CacheNode(store, LibSsl.TLS1_3_VERSION, Options);
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, Options);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);

        // As if the full handshake had been 23 hours and 30 minutes ago, and this its latest renewal.
        DateTimeOffset origin = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddHours(-23.5).ToUnixTimeSeconds());
        (SessionStoreKey key, byte[] record) = store.Records.Single();
        store.Records[key] = Aged(record, key, origin);
        if (nearby)
        {
            Assert.That(node.Resumes(session), Is.True);
            await store.WaitForWrites(1);
        }

        SessionStoreKey[] known = [.. store.Records.Keys];
        Assert.That(node.Resumes(session), Is.True);
        await store.WaitForWrites(1);

        (SessionStoreKey renewedKey, byte[] renewed) = store.Records.Single(pair => !known.Contains(pair.Key));
        RecordFields fields = FieldsOf(renewed, renewedKey);
        Assert.That(fields.Origin, Is.EqualTo(origin));
        Assert.That(fields.Expires, Is.EqualTo(origin + Options.MaxAge), "half an hour is left, not two");
        Assert.That(node.Statistics.NearHits, Is.EqualTo(nearby ? 1 : 0));
    }

    [Test]
    public async Task Renewal_AtTheEndOfItsAge_IsNotKept()
    {
        var store = new SpyStore();
        SessionCacheOptions options = Options with { MaxAge = TimeSpan.FromSeconds(1) };
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(1));
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, options with { TimeProvider = clock });
        using ClientSession session = node.FirstSession();

        Assert.That(node.Statistics.NotKept, Is.EqualTo(1));
        Assert.That(node.Resumes(session), Is.False);
    }

    private byte[] Aged(byte[] record, SessionStoreKey key, DateTimeOffset origin) =>
        Resealed.Record(_ring, record, key, fields => fields with { Origin = origin });

    private RecordFields FieldsOf(byte[] record, SessionStoreKey key)
    {
        Resealed.Open(_ring, record, key, out RecordFields fields);
        return fields;
    }
}
