using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Which sessions are kept, and for how long.</summary>
public sealed class SessionAdmissionTests : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Session_HostAllowsEarlyDataAfterAttaching_IsNotKept()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, Options);
        ContextSetup.EarlyData(node.Server, 1024);
        node.FirstSession().Dispose();
        await node.Cache.DisposeAsync();

        Assert.That((node.Statistics.New, node.Statistics.NotKept, node.Statistics.NearCacheCount), Is.EqualTo((1, 1, 0)));
        Assert.That(store.Records, Is.Empty);
    }

    [TestCase(LibSsl.TLS1_2_VERSION)]
    [TestCase(LibSsl.TLS1_3_VERSION)]
    public async Task Session_ContextsTimeoutIsShorterThanTheLifetime_ExpiresWithIt(int version)
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options with { Lifetime = TimeSpan.FromHours(2) });
        SetTimeout(node.Server, 60);
        node.FirstSession().Dispose();
        await store.WaitForWrites(1);
        (SessionStoreKey key, byte[] record) = store.Records.Single();
        Resealed.Open(_ring, record, key, out RecordFields fields);

        Assert.That(fields.Expires - fields.Origin, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task Renewal_AfterASessionThatLibsslRefused_IsAsOldAsItsOwnHandshake()
    {
        var store = new SpyStore();
        SessionCacheOptions options = Options with
        {
            NearCacheCapacity = 0,
            Manage = ManagedSettings.All & ~ManagedSettings.SessionIdContext,
        };
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        (SessionStoreKey key, byte[] record) = store.Records.Single();
        DateTimeOffset old = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddHours(-23).ToUnixTimeSeconds());
        store.Records[key] = Resealed.Record(_ring, record, key, fields => fields with { Origin = old });

        // From now on libssl does not take the sessions from before, though the cache gives them out.
        ContextSetup.SessionIdContext(node.Server, [1]);
        Assert.That((node.Resumes(session), node.Statistics.Hits), Is.EqualTo((false, 1)));
        await store.WaitForWrites(1);
        (SessionStoreKey newKey, byte[] newRecord) = store.Records.Single(pair => pair.Key != key);
        Resealed.Open(_ring, newRecord, newKey, out RecordFields fields);
        Assert.That(fields.Origin, Is.GreaterThan(old.AddHours(22)));
    }

    private static unsafe void SetTimeout(TlsContext server, int seconds) => LibSsl.SSL_CTX_set_timeout(server.Pointer, new CLong(seconds));
}
