using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A cache attached to contexts between which SNI moves connections.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class MovedConnectionTests(int version) : LeakCheckedTests
{
    private static readonly SessionCacheAttachOptions s_changes = new() { ChangesAfterHello = true };
    private static unsafe SSL_CTX* s_leadsTo;
    private static bool s_refuses;

    private SessionCache _cache = null!;

    [SetUp]
    public void MakeCache() => _cache = new SessionCache(new MemorySessionStore());

    [TearDown]
    public async Task DisposeOfCache() => await _cache.DisposeAsync();

    [Test]
    public void Session_BegunBeforeItsConnectionWasMoved_IsNotKeptWhereNobodyCouldFindIt()
    {
        using TlsContext first = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        using TlsContext second = TlsContext.Server(LibSsl.TLS1_2_VERSION, rsa: true);
        _cache.Attach(first.Raw);
        _cache.Attach(second.Raw);
        LeadTo(first, second);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        Connect(first, client, null, "second.example").Session.Dispose();

        Assert.That((_cache.Statistics.New, _cache.Statistics.NotKept), Is.EqualTo((1, 1)));
    }

    [TestCase(true, ExpectedResult = false)]
    [TestCase(false, ExpectedResult = true, Description = "The control: the caller has said that nothing changes.")]
    public bool Session_MadeWhereItsNameStayed_ResumesWhereTheNameLeadsToADemand(bool says)
    {
        // As on a node whose configuration is older: nobody is asked for a certificate under this name there.
        using TlsContext before = TlsContext.Server(version);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext demands = TlsContext.Server(version, mutual: true);
        _cache.Attach(before.Raw);
        _cache.Attach(server.Raw, s_changes with { ChangesAfterHello = says });
        LeadTo(server, demands);
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using ClientSession session = Connect(before, client, null, "site.example").Session;

        return Resumes(server, client, session);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Names_ThatStay_ResumeFromTheSecondHandshakeOn(bool mutual)
    {
        using TlsContext maker = TlsContext.Server(version, mutual: mutual);
        using TlsContext server = TlsContext.Server(version, mutual: mutual);
        _cache.Attach(maker.Raw);
        _cache.Attach(server.Raw, s_changes);
        LeadTo(server, server);
        using TlsContext client = TlsContext.Client(version, withCertificate: mutual);
        foreach (string? name in (string?[])["site.example", "OTHER.example", null])
        {
            using ClientSession session = Connect(maker, client, null, name).Session;
            bool[] resumed = ComeBack(server, client, session, name);
            Assert.That(resumed, Is.EqualTo((bool[])[false, true, true]), name ?? "no name");
        }
    }

    [Test]
    public void Name_ThatLeadsElsewhereByNow_IsForgotten()
    {
        using TlsContext server = TlsContext.Server(version);
        using TlsContext other = TlsContext.Server(version, rsa: true);
        _cache.Attach(server.Raw, s_changes);
        _cache.Attach(other.Raw);
        LeadTo(server, server);
        using TlsContext client = TlsContext.Client(version);
        using ClientSession session = Connect(server, client, null, "site.example").Session;
        using ClientSession unknown = Connect(other, client, null, null).Session;
        Assert.That(Resumes(server, client, unknown), Is.False);
        Assert.That(Resumes(server, client, session), Is.True, "or it resumes nowhere, and the test proves nothing");

        LeadTo(server, other);
        Assert.That(Resumes(server, client, unknown), Is.False);
        Assert.That(Resumes(server, client, session), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Certificate_ChosenAfterTheHello_TheSessionBelongsToTheOneThatWasShown(bool another)
    {
        using TlsContext server = TlsContext.Server(version);
        using TlsContext identity = TlsContext.Server(version, rsa: another);
        _cache.Attach(server.Raw, s_changes);
        _cache.Attach(identity.Raw);
        LeadTo(server, identity);
        using TlsContext client = TlsContext.Client(version);
        using ClientSession session = Connect(server, client, null, "site.example").Session;

        bool[] resumed = ComeBack(server, client, session);
        Assert.That(resumed, Is.EqualTo((bool[])[false, !another, !another]));
    }

    [Test]
    public void Name_LeadsToASiteOfTheSameCertificateButOtherTrust_NobodyGetsInWhomThatSiteRefuses()
    {
        using TlsContext before = TlsContext.Server(version, mutual: true);
        using TlsContext server = TlsContext.Server(version, mutual: true);
        using TlsContext site = TlsContext.Server(version, mutual: true);
        using TlsContext unrelated = TlsContext.Server(version, rsa: true, mutual: true);
        _cache.Attach(unrelated.Raw);
        _cache.Attach(before.Raw);
        _cache.Attach(server.Raw, s_changes);
        _cache.Attach(site.Raw);
        LeadToAJudge(server, site);
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using ClientSession session = Connect(before, client, null, "site.example").Session;
        using ClientSession unknown = Connect(unrelated, client, null, null).Session;

        // A client that the site accepts shows where the name leads.
        s_refuses = false;
        Assert.That(Resumes(server, client, unknown), Is.False);
        s_refuses = true;
        Assert.That(TryConnect(server, client, null), Is.False, "the control: a full handshake");
        Assert.That(TryConnect(server, client, session), Is.False);
    }

    [TestCase(true, Description = "The callback demands a client certificate.")]
    [TestCase(false, Description = "It shows another certificate.")]
    public void Connection_ChangedWhereItStands_SessionsFromBeforeDoNotResume(bool demands)
    {
        using TlsContext before = TlsContext.Server(version);
        using TlsContext server = TlsContext.Server(version, mutual: demands);
        using TlsContext rsa = TlsContext.Server(version, rsa: true);
        ContextSetup.Verify(server, LibSsl.SSL_VERIFY_NONE);
        _cache.Attach(before.Raw);
        _cache.Attach(server.Raw, s_changes);
        ChangeBy(server, rsa, demands);
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using ClientSession session = Connect(before, client, null, "site.example").Session;

        bool[] resumed = ComeBack(server, client, session);
        Assert.That(resumed, Is.EqualTo(new bool[3]));
    }

    /// <summary>Offers a session three times.</summary>
    private static bool[] ComeBack(TlsContext server, TlsContext client, ClientSession session, string? name = "site.example") =>
        [.. Enumerable.Range(0, 3).Select(_ => Resumes(server, client, session, name))];

    private static bool Resumes(TlsContext server, TlsContext client, ClientSession session, string? name = "site.example")
    {
        (ClientSession next, bool resumed) = Connect(server, client, session, name);
        next.Dispose();
        return resumed;
    }

    private static (ClientSession Session, bool Resumed) Connect(TlsContext server, TlsContext client, ClientSession? offer, string? name)
    {
        using var pair = new TlsPair(server, client, offer);
        pair.AskFor(name);
        pair.Connect();
        (ClientSession, bool) result = (pair.TakeClientSession(), pair.Resumed);
        pair.Close();
        return result;
    }

    private static bool TryConnect(TlsContext server, TlsContext client, ClientSession? offer)
    {
        using var pair = new TlsPair(server, client, offer);
        pair.AskFor("site.example");
        bool isLetIn = pair.TryHandshake();
        pair.Close();
        return isLetIn;
    }

    private static unsafe void LeadToAJudge(TlsContext from, TlsContext to)
    {
        LibSsl.SSL_CTX_set_tlsext_servername_callback(from.Pointer, &MoveToAJudge);
        s_leadsTo = to.Pointer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int MoveToAJudge(SSL* ssl, int* alert, void* argument)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, s_leadsTo);
        LibSsl.SSL_set_verify(ssl, LibSsl.SSL_CTX_get_verify_mode(s_leadsTo), &Judge);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Judge(int isGood, X509_STORE_CTX* context) => s_refuses ? 0 : isGood;

    private static unsafe void LeadTo(TlsContext from, TlsContext to)
    {
        LibSsl.SSL_CTX_set_tlsext_servername_callback(from.Pointer, &Move);
        s_leadsTo = to.Pointer;
    }

    private static unsafe void ChangeBy(TlsContext server, TlsContext other, bool demands)
    {
        LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, demands ? &Demand : &ShowAnother);
        s_leadsTo = other.Pointer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Demand(SSL* ssl, int* alert, void* argument)
    {
        LibSsl.SSL_set_verify(ssl, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, null);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int ShowAnother(SSL* ssl, int* alert, void* argument) =>
        Osr.osr_show_certificate_of(ssl, s_leadsTo) == 1 ? LibSsl.SSL_TLSEXT_ERR_OK : LibSsl.SSL_TLSEXT_ERR_ALERT_FATAL;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Move(SSL* ssl, int* alert, void* argument)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, s_leadsTo);
        LibSsl.SSL_set_verify(ssl, LibSsl.SSL_CTX_get_verify_mode(s_leadsTo), null);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }
}
