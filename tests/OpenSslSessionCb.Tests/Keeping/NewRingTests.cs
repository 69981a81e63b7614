using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A ring with another index key is another ring: what was made under the one before is gone, also where it is at hand.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class NewRingTests(int version) : LeakCheckedTests
{
    private RingFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new RingFolder();

    [TearDown]
    public void DropFolder() => _folder.Dispose();

    [Test]
    public async Task Session_OfAnEarlierRing_ResumesNowhere()
    {
        SessionKeyRing.OpenOrCreate(_folder["other"]).Dispose();
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        await using var store = new SpyStore();
        var options = new SessionCacheOptions { KeyRing = ring, LookupDeadline = TimeSpan.FromSeconds(1) };
        await using var maker = new CacheNode(store, version, options);
        await using var other = new CacheNode(store, version, options);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);
        Assert.That((maker.Resumes(session), other.Resumes(session)), Is.EqualTo((true, true)), "or this proves nothing");

        SessionKeyRing.Rotate(_folder["ring"]);
        Assert.That((ring.Reload(), maker.Resumes(session)), Is.EqualTo((true, true)), "rotated, it is the same ring");

        File.Copy(_folder["other"], _folder["ring"], overwrite: true);
        Assert.That(ring.Reload(), Is.True);
        Assert.That((maker.Resumes(session), other.Resumes(session)), Is.EqualTo((false, false)));
    }
}
