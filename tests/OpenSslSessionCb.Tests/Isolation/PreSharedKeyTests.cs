using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// Clients that a host lets in by a pre-shared key, and not by a certificate: their sessions are not kept, since nobody could judge the
/// client when it comes back, and the key may have been taken away by then.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[NonParallelizable]
public sealed class PreSharedKeyTests(int version) : LeakCheckedTests
{
    private static readonly SessionCacheOptions s_options = new() { LookupDeadline = TimeSpan.FromSeconds(1) };

    [Test]
    public async Task Client_WhoseKeyIsTakenAway_DoesNotComeBack()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options);
        PreSharedKey.Accept(node.Server);
        PreSharedKey.IsKnown = true;
        using TlsContext alice = TlsContext.Client(version);
        PreSharedKey.Offer(alice);
        ClientSession session;
        using (var first = new TlsPair(node.Server, alice))
        {
            first.Connect();
            session = first.TakeClientSession();
            first.Close();
        }

        Assert.That((node.Statistics.New, node.Statistics.NotKept, node.Statistics.NearCacheCount), Is.EqualTo((1, 1, 0)));
        PreSharedKey.IsKnown = false;
        using (session)
        using (var second = new TlsPair(node.Server, alice, session))
        {
            // On TLS 1.3 she gets a full handshake, and sees the server's certificate.
            Assert.That(second.TryHandshake() && second.Resumed, Is.False);
        }
    }

    /// <summary>A host may use an SSL again: what was noted in an earlier handshake is not about this one.</summary>
    [Test]
    public async Task Client_OnAConnectionThatWasResumedBefore_IsNotTakenForTheOneThatResumedIt()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options);
        PreSharedKey.Accept(node.Server);
        PreSharedKey.IsKnown = true;
        using ClientSession session = node.FirstSession();
        using TlsContext client = TlsContext.Client(version);
        ContextSetup.Ciphers(client, "DEFAULT:PSK");
        using var pair = new TlsPair(node.Server, client, session);
        pair.Connect();
        Assert.That(pair.Resumed, Is.True);
        long kept = node.Statistics.New - node.Statistics.NotKept;

        Assert.That(PreSharedKey.ConnectAgain(pair), Is.True, pair.Error);
        bool isByKey = version == LibSsl.TLS1_2_VERSION || pair.Resumed;
        Assert.That(isByKey, Is.True, "or this proves nothing");
        Assert.That(node.Statistics.New - node.Statistics.NotKept, Is.EqualTo(kept + (version == LibSsl.TLS1_2_VERSION ? 1 : 0)));
    }

    [Test]
    public async Task Client_WithoutAKey_ResumesAsEver()
    {
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, version, s_options);
        PreSharedKey.Accept(node.Server);
        using ClientSession session = node.FirstSession();

        Assert.That(node.Connect(session, out ClientSession renewed), Is.True);
        using (renewed)
        {
            Assert.That((node.Statistics.NotKept, node.Resumes(renewed)), Is.EqualTo((0, true)));
        }
    }
}
