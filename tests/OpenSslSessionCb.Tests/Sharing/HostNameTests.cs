using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A session made under one host name (SNI) does not resume under another: RFC 6066, 3. libssl does not look.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION, 100)]
[TestFixture(LibSsl.TLS1_2_VERSION, 0)]
[TestFixture(LibSsl.TLS1_3_VERSION, 100)]
[TestFixture(LibSsl.TLS1_3_VERSION, 0)]
public sealed class HostNameTests(int version, int nearCacheCapacity) : LeakCheckedTests
{
    private static readonly SessionCacheOptions s_options = new() { LookupDeadline = TimeSpan.FromSeconds(1) };

    [TestCase("shop.example", "shop.example", true)]
    [TestCase("shop.example", "SHOP.example", true)]
    [TestCase("shop.example", "admin.example", false)]
    [TestCase("shop.example", "shop.example.evil", false)]
    [TestCase("shop.example", null, false)]
    [TestCase(null, "shop.example", false)]
    [TestCase(null, null, true)]
    public async Task Session_MadeUnderAName_ResumesUnderItOnly(string? made, string? offered, bool resumes)
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options with { NearCacheCapacity = nearCacheCapacity });
        using ClientSession session = node.FirstSession(hostName: made);
        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");

        Assert.That(node.Resumes(session, hostName: offered), Is.EqualTo(resumes));
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.OtherHostName)], Is.EqualTo(resumes ? 0 : 1));
    }

    [Test]
    public async Task Session_Resumed_TellsTheHostTheNameItWasMadeUnder()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options with { NearCacheCapacity = nearCacheCapacity });
        using ClientSession session = node.FirstSession(hostName: "shop.example");
        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");
        using TlsContext client = TlsContext.Client(version);
        using var pair = new TlsPair(node.Server, client, session);
        pair.AskFor("shop.example");
        pair.Connect();

        Assert.That(pair.Resumed, Is.True);
        Assert.That(pair.ServerSeesHostName, Is.EqualTo("shop.example"));
        pair.Close();
    }

    [Test]
    public async Task Chain_OfRenewals_StaysWithItsName()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options with { NearCacheCapacity = nearCacheCapacity });
        ClientSession session = node.FirstSession(hostName: "shop.example");
        for (int i = 0; i < 3; i++)
        {
            await Eventually.True(() => node.Statistics.Queued == 0, "it is written");
            Assert.That(node.Connect(session, out ClientSession next, hostName: "shop.example"), Is.True, $"resumption {i}");
            session.Dispose();
            session = next;
        }

        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");
        Assert.That(node.Resumes(session, hostName: "admin.example"), Is.False);
        session.Dispose();
    }
}
