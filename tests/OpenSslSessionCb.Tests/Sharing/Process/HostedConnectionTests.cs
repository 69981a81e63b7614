using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A host that changes verification or certificate on one context, and hosts that are left alone.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class HostedConnectionTests(int version) : LeakCheckedTests
{
    private const int Demands = LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT;

    private CollectingLogger _log = null!;
    private SessionCache _cache = null!;
    private ProcessAttachment _attachment = null!;

    [SetUp]
    public void AttachCache()
    {
        _cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { LoggerFactory = _log = new CollectingLogger() });
        _attachment = _cache.AttachToProcess(new ProcessAttachOptions { RequireSslStream = false });
    }

    [TearDown]
    public async Task DisposeOfCache()
    {
        _attachment.Dispose();
        await _cache.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public void Session_OfAConnectionThatAskedForNoCertificate_DoesNotResumeOnOneThatDemandsIt()
    {
        using TlsContext server = TlsContext.Server(version, mutual: true);
        using ClientSession session = Connect(server, null, LibSsl.SSL_VERIFY_NONE, out _);
        Connect(server, session, LibSsl.SSL_VERIFY_NONE, out bool resumes).Dispose();
        Connect(server, session, Demands, out bool crosses).Dispose();

        Assert.That((resumes, crosses), Is.EqualTo((true, false)));
    }

    [Test]
    public unsafe void Session_ContextHasAnotherCertificateByNow_DoesNotResume()
    {
        using TlsContext server = TlsContext.Server(version);
        using TlsContext rsa = TlsContext.Server(version, rsa: true);
        using ClientSession session = Connect(server, null, LibSsl.SSL_VERIFY_NONE, out _);
        Connect(server, session, LibSsl.SSL_VERIFY_NONE, out bool resumes).Dispose();

        // As a host does that renews its certificate without making its context anew.
        Assert.That(LibSsl.SSL_CTX_use_certificate(server.Pointer, LibSsl.SSL_CTX_get0_certificate(rsa.Pointer)), Is.EqualTo(1));
        Assert.That(LibSsl.SSL_CTX_use_PrivateKey(server.Pointer, LibSsl.SSL_CTX_get0_privatekey(rsa.Pointer)), Is.EqualTo(1));
        Connect(server, session, LibSsl.SSL_VERIFY_NONE, out bool crosses).Dispose();

        Assert.That((resumes, crosses), Is.EqualTo((true, false)));
    }

    [Test]
    public void Context_ThatAllowsEarlyData_IsLeftAlone()
    {
        using TlsContext server = TlsContext.Server(version);
        ContextSetup.EarlyData(server, 1024);
        Connect(server, null, LibSsl.SSL_VERIFY_NONE, out _).Dispose();

        Assert.That(_attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.AllowsEarlyData));
        Assert.That(_cache.Statistics.New, Is.Zero);
    }

    [Test]
    public void Contexts_LeftAloneForOneReason_AreOneLineInTheLog()
    {
        for (int i = 0; i < 3; i++)
        {
            using TlsContext server = TlsContext.Server(version);
            ContextSetup.CacheMode(server, LibSsl.SSL_SESS_CACHE_OFF);
            Connect(server, null, LibSsl.SSL_VERIFY_NONE, out _).Dispose();
        }

        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.One.Contains("switched resumption off"));
    }

    [Test]
    public void Session_ConnectionEndsWithoutAGoodbye_StaysForEverybody()
    {
        using TlsContext server = TlsContext.Server(version);
        using ClientSession session = Connect(server, null, LibSsl.SSL_VERIFY_NONE, out _, CloseKind.ServerFreed);

        Assert.That(_cache.Statistics.Removed, Is.Zero);
        Connect(server, session, LibSsl.SSL_VERIFY_NONE, out bool resumed).Dispose();
        Assert.That(resumed, Is.True);
    }

    [Test]
    public void Session_OfAHostThatIsNotDotNet_StaysThoughNobodySaysAWordAfterTheHandshake()
    {
        // Such a host has judged its client in the handshake: what it does afterwards says nothing.
        using TlsContext server = TlsContext.Server(version, mutual: true);
        using ClientSession session = Connect(server, null, Demands, out _);
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using (var pair = new TlsPair(server, client, session))
        {
            Assert.That((pair.TryHandshake(), pair.Resumed), Is.EqualTo((true, true)));
            pair.Close(CloseKind.ServerFreed);
        }

        Assert.That((_cache.Statistics.TurnedAway, _cache.Statistics.Removed), Is.EqualTo((0, 0)));
        Connect(server, session, Demands, out bool resumed).Dispose();
        Assert.That(resumed, Is.True);
    }

    /// <param name="server">The context.</param>
    /// <param name="offer">What the client offers.</param>
    /// <param name="verifyMode">The connection's own.</param>
    /// <param name="resumed">Whether it was resumed.</param>
    /// <param name="how">How it ends.</param>
    private unsafe ClientSession Connect(
        TlsContext server, ClientSession? offer, int verifyMode, out bool resumed, CloseKind how = CloseKind.Notify)
    {
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using var pair = new TlsPair(server, client, offer);
        LibSsl.SSL_set_verify(pair.Server, verifyMode, null);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close(how);
        return session;
    }
}
