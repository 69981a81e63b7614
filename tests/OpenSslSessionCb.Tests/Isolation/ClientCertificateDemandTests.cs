using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>No demand for a client certificate is passed without one, and the host may say no to any session that has one.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class ClientCertificateDemandTests(int version) : LeakCheckedTests
{
    private SpyStore _store = null!;

    [SetUp]
    public void MakeStore() => _store = new SpyStore { Traits = SessionStoreTraits.InProcess };

    [TearDown]
    public async Task DisposeOfStore() => await _store.DisposeAsync();

    [Test]
    public async Task Session_WithoutCertificateWhereClientsAreAsked_IsNotKept()
    {
        await using var node = new CacheNode(_store, version);
        Ask(node, LibSsl.SSL_VERIFY_PEER);
        using SessionCacheAttachment attachment = Attach(node);
        using ClientSession session = node.FirstSession();

        Assert.That((node.Statistics.New, node.Statistics.NotKept), Is.EqualTo((1, 1)));
        Assert.That(node.Resumes(session), Is.False);
    }

    [Test]
    public async Task Session_WithoutCertificateWhereTheHostOnlyAsks_IsSharedWithTheSameModeOnly()
    {
        SessionCacheOptions options = new() { ShareSessionsWithoutClientCertificate = true };
        await using var asks = new CacheNode(_store, version, options);
        await using var asksToo = new CacheNode(_store, version, options);
        await using var demands = new CacheNode(_store, version, options);
        Ask(asks, LibSsl.SSL_VERIFY_PEER);
        Ask(asksToo, LibSsl.SSL_VERIFY_PEER);
        Ask(demands, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_CLIENT_ONCE);
        using SessionCacheAttachment first = Attach(asks);
        using SessionCacheAttachment second = Attach(asksToo);
        using SessionCacheAttachment third = Attach(demands);
        using ClientSession session = asks.FirstSession();
        await _store.WaitForWrites(1);

        Assert.That((asksToo.Resumes(session), demands.Resumes(session)), Is.EqualTo((true, false)));
        Assert.That(demands.Statistics.RejectedByReason[nameof(RecordProblem.NoClientCertificate)], Is.EqualTo(1));
    }

    [Test]
    public async Task Connection_ThatAsksThoughItsContextDoesNot_ResumesNothing()
    {
        await using var node = new CacheNode(_store, version);
        using ClientSession session = node.FirstSession();
        Assert.That(node.Resumes(session), Is.True, "or it resumes nowhere, and the test proves nothing");

        Assert.That(ResumesOnAConnectionThatAsks(node.Server, session), Is.False);
    }

    [Test]
    public async Task MayResume_SaysNo_FullHandshakeWithACountedReason()
    {
        byte[] hash = [];
        bool may = true;
        bool Ask(in ResumptionRequest request)
        {
            hash = new byte[32];
            request.HashCertificate(hash);
            Assert.That(System.Security.Cryptography.SHA256.HashData(request.ExportCertificate()), Is.EqualTo(hash));
            Assert.That((request.HostName, request.Age < TimeSpan.FromMinutes(5)), Is.EqualTo(("shop.example", true)));
            return may;
        }

        await using var node = new CacheNode(_store, version, new() { MayResume = Ask }, mutual: true);
        using ClientSession session = node.FirstSession(hostName: "shop.example");
        Assert.That((node.Resumes(session, hostName: "shop.example"), hash.Length), Is.EqualTo((true, 32)));

        may = false;
        Assert.That(node.Resumes(session, hostName: "shop.example"), Is.False);
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.HostRefused)], Is.EqualTo(1));
    }

    [Test]
    public async Task MayResume_Throws_IsANoAndCounted()
    {
        await using var node = new CacheNode(
            _store, version, new() { MayResume = static (in ResumptionRequest _) => throw new FormatException("planted") }, mutual: true);
        using ClientSession session = node.FirstSession();

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Attachment.LastFailure, Is.TypeOf<FormatException>());
    }

    [Test]
    public async Task MayResume_SessionWithoutCertificate_IsNotAsked()
    {
        await using var node = new CacheNode(_store, version, new() { MayResume = static (in ResumptionRequest _) => false });
        using ClientSession session = node.FirstSession();

        Assert.That(node.Resumes(session), Is.True);
    }

    private static unsafe void Ask(CacheNode node, int mode)
    {
        // Where a session may be resumed was computed when the cache was attached.
        node.Attachment.Dispose();
        LibSsl.SSL_CTX_set_verify(node.Server.Pointer, mode, null);
    }

    private static SessionCacheAttachment Attach(CacheNode node) => node.Cache.Attach(node.Server);

    private unsafe bool ResumesOnAConnectionThatAsks(TlsContext server, ClientSession session)
    {
        using TlsContext client = TlsContext.Client(version);
        using var pair = new TlsPair(server, client, session);
        LibSsl.SSL_set_verify(pair.Server, LibSsl.SSL_VERIFY_PEER, null);
        pair.Connect();
        bool resumed = pair.Resumed;
        pair.Close();
        return resumed;
    }
}
