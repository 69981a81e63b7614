using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A host that may switch contexts in its callback for the server name, which libssl calls once it has looked for the session: no
/// session resumes before it is known where its name leads, and each is kept for where its connection ended.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class FollowedServerNameTests(int version) : LeakCheckedTests
{
    private static readonly ProcessAttachOptions s_follows = new()
    {
        RequireSslStream = false,
        ReplacesHostCallbacks = true,
        ChangesAfterHello = true,
    };

    private const string Aes = "ECDHE-ECDSA-AES128-GCM-SHA256";
    private const string ChaCha = "ECDHE-ECDSA-CHACHA20-POLY1305";

    private SessionKeyRing _ring = null!;
    private SessionCache _cache = null!;

    [SetUp]
    public void MakeCache()
    {
        _ring = SessionKeyRing.Generate();
        _cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { KeyRing = _ring });
    }

    [TearDown]
    public async Task DisposeOfCache()
    {
        await _cache.DisposeAsync();
        _ring.Dispose();
    }

    [Test]
    public void Host_ThatNeverSwitches_FirstConnectionsAtOnce_AndTheNextOnesResume()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        var sessions = new ClientSession[8];
        Parallel.For(0, sessions.Length, new ParallelOptions { MaxDegreeOfParallelism = sessions.Length },
            i => sessions[i] = Connect(server, null, "shop.example", out _));

        foreach (ClientSession session in sessions)
        {
            Connect(server, session, "shop.example", out bool resumed).Dispose();
            Assert.That(resumed, Is.True);
            session.Dispose();
        }
    }

    [TestCase(true, 1)]
    [TestCase(false, 2, Description = "Nobody told of the switch: the first session was made for the other context, and is not kept.")]
    public void Host_ThatSwitches_SessionsResumeUnderTheirName(bool tells, int visits)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version, rsa: true);
        SwitchTo(server, site, tells);
        ClientSession session = Connect(server, null, "site.example", out _);
        for (int i = 1; i < visits; i++)
        {
            session.Dispose();
            session = Connect(server, null, "site.example", out _);
        }

        using ClientSession next = Connect(server, session, "site.example", out bool resumed);
        Connect(server, next, "SITE.example", out bool again).Dispose();
        session.Dispose();
        Assert.That((resumed, again), Is.EqualTo((true, true)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Session_MadeBeforeTheNameLedElsewhere_DoesNotResumeThere(bool tells)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext before = TlsContext.Server(version);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version, mutual: true);

        // As on another node, whose configuration is older: nobody is asked for a certificate there. Here the process has
        // not seen the name yet.
        using ClientSession session = Connect(before, null, "site.example", out _);
        SwitchTo(server, site, tells);
        Connect(server, session, "site.example", out bool resumed, mutual: true).Dispose();

        Assert.That(resumed, Is.False);
    }

    [Test]
    public void Site_ThatAllowsOtherCipherSuitesThanWhereConnectionsBegin_ResumesItsSessions([Values] bool tells)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version);
        ContextSetup.Ciphers(server, ChaCha);
        ContextSetup.Ciphers(site, Aes);
        SwitchTo(server, site, tells);
        using ClientSession session = Connect(server, null, "site.example", out _);
        Connect(server, session, "site.example", out bool resumed).Dispose();

        Assert.That(resumed, Is.True);
    }

    [Test]
    public void Site_ThatAllowsFewerCipherSuites_ResumesNoneOfTheOthers([Values] bool tells)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext other = TlsContext.Server(version);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version);
        ContextSetup.Ciphers(other, ChaCha);
        ContextSetup.Ciphers(site, Aes);
        SwitchTo(server, site, tells);
        Connect(server, null, "site.example", out _).Dispose();
        using ClientSession session = Connect(other, null, "site.example", out _);
        Connect(server, session, "site.example", out bool resumed).Dispose();

        // TLS 1.3 has other suites, and agrees on one anew.
        Assert.That(resumed, Is.EqualTo(version == LibSsl.TLS1_3_VERSION));
    }

    [Test]
    public void Site_ThatComesToAllowOtherCipherSuites_ResumesNoneOfBefore([Values] bool tells)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version);
        ContextSetup.Ciphers(site, Aes);
        SwitchTo(server, site, tells);
        Connect(server, null, "site.example", out _).Dispose();
        using ClientSession session = Connect(server, null, "site.example", out _);
        ContextSetup.Ciphers(site, ChaCha);
        Connect(server, null, "site.example", out _).Dispose();
        Connect(server, session, "site.example", out bool resumed).Dispose();

        Assert.That(resumed, Is.EqualTo(version == LibSsl.TLS1_3_VERSION));
    }

    [Test]
    public void Site_WithResumptionOff_IsLeftToItsHost()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version, rsa: true);
        ContextSetup.CacheMode(site, LibSsl.SSL_SESS_CACHE_OFF);
        ContextSetup.Options(site, LibSsl.SSL_OP_NO_TICKET);
        ContextView before = ContextView.Of(site);
        SwitchTo(server, site, tells: true);
        for (int i = 0; i < 3; i++)
        {
            Connect(server, null, "site.example", out _).Dispose();
        }

        Assert.That(_cache.Statistics.New, Is.Zero);
        Assert.That(ContextView.Of(site), Is.EqualTo(before));
    }

    private static unsafe void SwitchTo(TlsContext from, TlsContext to, bool tells)
    {
        LibSsl.SSL_CTX_set_tlsext_servername_callback(from.Pointer, tells ? &OnServerNameAndTell : &OnServerName);
        LibSsl.SSL_CTX_set_tlsext_servername_arg(from.Pointer, to.Pointer);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int OnServerName(SSL* ssl, int* alert, void* to) => Switch(ssl, (SSL_CTX*)to);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int OnServerNameAndTell(SSL* ssl, int* alert, void* to)
    {
        Switch(ssl, (SSL_CTX*)to);

        // As nginx does it: SSL_set_SSL_CTX leaves the options as they were, SSL_OP_NO_TICKET among them.
        _ = LibSsl.SSL_clear_options(ssl, LibSsl.SSL_get_options(ssl) & ~LibSsl.SSL_CTX_get_options((SSL_CTX*)to));
        return ProcessAttachment.OnServerName(ssl) ? LibSsl.SSL_TLSEXT_ERR_OK : LibSsl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    private static unsafe int Switch(SSL* ssl, SSL_CTX* to)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, to);
        LibSsl.SSL_set_verify(ssl, LibSsl.SSL_CTX_get_verify_mode(to), null);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    private ClientSession Connect(TlsContext server, ClientSession? offer, string name, out bool resumed, bool mutual = false)
    {
        using TlsContext client = TlsContext.Client(version, mutual);
        using var pair = new TlsPair(server, client, offer);
        pair.AskFor(name);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }
}
