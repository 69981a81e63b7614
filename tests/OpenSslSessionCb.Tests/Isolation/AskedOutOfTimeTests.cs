using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A host may note on its connection what its verify callback was told, as HAProxy does, and look at that after a full handshake in which
/// no certificate was shown. So the callback is not called for a session that is not taken up after all.
/// </summary>
public sealed class AskedOutOfTimeTests : LeakCheckedTests
{
    private static int s_asked;
    private static bool s_refuses;

    private MemorySessionStore _store = null!;

    // What was found out in a full handshake is good for it alone: so each resumption is asked about.
    private static SessionCacheOptions Options => new() { ReverifyInterval = TimeSpan.Zero, LookupDeadline = TimeSpan.FromSeconds(1) };

    [SetUp]
    public void Begin()
    {
        _store = new MemorySessionStore();
        s_asked = 0;
        s_refuses = false;
    }

    [TearDown]
    public async Task End() => await _store.DisposeAsync();

    [Test]
    public async Task Session_OfTls13InAHelloOfTls12_NobodyIsAsked()
    {
        await using var maker = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options, mutual: true);
        await using var other = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options, mutual: true);
        Ask(other.Server);
        using ClientSession session = maker.FirstSession();
        await Eventually.True(() => maker.Statistics.Queued == 0, "it is written");
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        using ClientSession forged = Forge(client, ClientView.Ticket(session));
        Assert.That(IsServed(other.Server, client, forged), Is.True);
        Assert.That((other.Statistics.Get, other.Statistics.RejectedByReason[nameof(RecordProblem.OtherTerms)]), Is.EqualTo((1, 1)));
        Assert.That(s_asked, Is.Zero);
    }

    [Test]
    public async Task Session_WithoutExtendedMasterSecretThatLibSslPassesOver_NobodyIsAsked()
    {
        if (OpenSslLibrary.Version.Major < 3)
        {
            Assert.Ignore("It is about the extended master secret of TLS 1.2, and 1.1.1 cannot do without.");
        }

        await using var node = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options, mutual: true);
        Ask(node.Server);
        ClientSession session;
        using (TlsContext old = TlsContext.Client(LibSsl.TLS1_2_VERSION, withCertificate: true))
        {
            ContextSetup.Options(old, LibSsl.SSL_OP_NO_EXTENDED_MASTER_SECRET);
            session = Connect(node.Server, old, null)!;
        }

        using (session)
        using (TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION))
        using (ClientSession forged = Forge(client, ClientView.Id(session).ToArray()))
        {
            s_asked = 0;
            Assert.That(IsServed(node.Server, client, forged), Is.True);
        }

        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.OtherTerms)], Is.EqualTo(1));
        Assert.That(s_asked, Is.Zero);
    }

    [TestCase(0, ExpectedResult = true)]
    [TestCase(1, ExpectedResult = true)]
    [TestCase(60, ExpectedResult = false)]
    public unsafe bool Session_OfSoManySeconds_IsNearItsEnd(int seconds)
    {
        SSL_SESSION* session = LibSsl.SSL_SESSION_new();
        _ = LibSsl.SSL_SESSION_set_timeout(session, new CLong(seconds));
        bool isNear = SslSessionTime.IsNearItsEnd(session);
        LibSsl.SSL_SESSION_free(session);
        return isNear;
    }

    /// <summary>Its callback said no, and may have noted something: now it must be asked about a certificate of the client's.</summary>
    [TestCase(LibSsl.TLS1_2_VERSION)]
    [TestCase(LibSsl.TLS1_3_VERSION)]
    public async Task Client_WhomTheCallbackRefuses_DoesNotGoOnWithoutACertificate(int version)
    {
        await using var node = new CacheNode(_store, version, Options, mutual: true);
        Ask(node.Server);
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using TlsContext nobody = TlsContext.Client(version);
        using ClientSession session = Connect(node.Server, client, null)!;
        s_refuses = true;
        Assert.That(IsServed(node.Server, nobody, null), Is.True, "the control: nobody need show one");
        Assert.That(IsServed(node.Server, nobody, session), Is.False);
        s_refuses = false;
        Assert.That(IsServed(node.Server, client, session), Is.True, "and nothing of that stays");
    }

    [TestCase("server", ExpectedResult = "not kept", Description = "What its callback does is not known.")]
    [TestCase("nginx", ExpectedResult = "resumed, asked 0")]
    [TestCase("haproxy", ExpectedResult = "resumed, asked 0")]
    [TestCase("apache2", ExpectedResult = "resumed, asked 1")]
    [TestCase("stunnel", ExpectedResult = "resumed, asked 1")]
    public string Callback_OfAProgram(string program)
    {
        using var nodes = new TwoNodes(LibSsl.TLS1_2_VERSION, mutual: true);
        using var host = new WatchedHost(program);
        Ask(nodes.Server);
        Ask(nodes.OtherServer);
        using ClientSession session = nodes.Make(host);
        int full = s_asked;
        bool resumed = nodes.Resumes(host, session);
        return nodes.Kept == 0 && !resumed ? "not kept" : $"resumed, asked {(s_asked - full) / full}";
    }

    /// <summary>A client that need not show a certificate.</summary>
    private static unsafe void Ask(TlsContext server) => LibSsl.SSL_CTX_set_verify(server.Pointer, LibSsl.SSL_VERIFY_PEER, &Verify);

    private static bool IsServed(TlsContext server, TlsContext client, ClientSession? offer)
    {
        using ClientSession? session = Connect(server, client, offer);
        return session is not null;
    }

    /// <summary>Null: the handshake failed.</summary>
    private static unsafe ClientSession? Connect(TlsContext server, TlsContext client, ClientSession? offer)
    {
        using var pair = new TlsPair(server, client, offer);
        if (!pair.TryHandshake())
        {
            return null;
        }

        pair.Exchange();
        if (LibSsl.SSL_get_shutdown(pair.Client) != 0 || pair.Error.Length > 0)
        {
            return null;
        }

        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }

    /// <summary>What somebody offers who has seen an id, and has no key.</summary>
    private static unsafe ClientSession Forge(TlsContext client, byte[] id)
    {
        SSL* ssl = LibSsl.SSL_new(client.Pointer);
        SSL_SESSION* session = LibSsl.SSL_SESSION_new();
        byte[] key = new byte[48];
        fixed (byte* idStart = id, keyStart = key)
        {
            _ = LibSsl.SSL_SESSION_set_protocol_version(session, LibSsl.TLS1_2_VERSION);
            _ = LibSsl.SSL_SESSION_set1_id(session, idStart, (uint)id.Length);
            _ = LibSsl.SSL_SESSION_set1_master_key(session, keyStart, (nuint)key.Length);
        }

        _ = LibSsl.SSL_SESSION_set_cipher(session, LibCrypto.sk_SSL_CIPHER_value(LibSsl.SSL_get_ciphers(ssl), 0));
        LibSsl.SSL_free(ssl);
        return new ClientSession(session);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Verify(int isGood, X509_STORE_CTX* context)
    {
        Interlocked.Increment(ref s_asked);
        return s_refuses ? 0 : isGood;
    }
}
