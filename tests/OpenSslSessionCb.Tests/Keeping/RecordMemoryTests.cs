using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Records that the cache is done with are zeros: without a key ring they hold sessions in clear.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class RecordMemoryTests(int version) : LeakCheckedTests
{
    [Test]
    public async Task Record_Written_IsZeroed()
    {
        var store = new LendingStore(SessionStoreTraits.InProcess);
        await using var node = new CacheNode(store, version);
        node.FirstSession().Dispose();
        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");

        Assert.That(store.Given.Single(), Is.All.Zero);
    }

    [Test]
    public async Task Record_ReadInClear_IsZeroedWhenItsSessionIsDecoded()
    {
        var store = new LendingStore(SessionStoreTraits.InProcess);
        await using var node = new CacheNode(store, version, new SessionCacheOptions { NearCacheCapacity = 0 });
        using ClientSession session = node.FirstSession();
        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");

        Assert.That(node.Resumes(session), Is.True);
        Assert.That(store.GaveOut.Single(), Is.All.Zero);
    }
}
