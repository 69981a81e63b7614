using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>OpenSSL is asked as libssl would ask it in a full handshake: with what the connection demands, and not another one.</summary>
public sealed unsafe class ClientDemandTests : LeakCheckedTests
{
    private TlsContext _server = null!;
    private TlsPair _pair = null!;
    private ClientVerification _client = null!;

    private const long Minute = 60_000;

    private static long Now { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private X509* Leaf => LibSsl.SSL_SESSION_get0_peer(LibSsl.SSL_get_session(_pair.Server));

    [SetUp]
    public void ConnectOnce()
    {
        _server = TlsContext.Server(LibSsl.TLS1_2_VERSION, mutual: true);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION, withCertificate: true);
        _pair = new TlsPair(_server, client);
        _pair.Connect();
        _client = new ClientVerification(LibSsl.SSL_get_verify_mode(_pair.Server), 0, []);
    }

    [TearDown]
    public void Close()
    {
        _pair.Close();
        _pair.Dispose();
        _server.Dispose();
    }

    [Test]
    public void Accepts_SecurityLevel_CountsAsInAFullHandshake()
    {
        Assert.That(Asks(static _ => { }), Is.True);

        // 256 bits of security: no P-256 key has them.
        fixed (byte* ciphers = "ALL:@SECLEVEL=5\0"u8)
        {
            _ = LibSsl.SSL_CTX_set_cipher_list(_server.Pointer, ciphers);
        }

        Assert.That(Asks(static _ => { }), Is.False);
    }

    [Test]
    public void Accepts_NameDemandedOnOneConnectionOnly_IsAskedOfThatOne()
    {
        using ClientDemand demand = DemandOf(_pair.Server);
        Assert.That(demand.Accepts(_pair.Server, Leaf, _client, isHere: true, Now, rememberedUntil: Now + Minute), Is.True);

        SSL* named = LibSsl.SSL_new(_server.Pointer);
        DemandName(named, "somebody.else.example");
        Assert.That(
            demand.Accepts(named, Leaf, _client, isHere: true, Now, Now + Minute), Is.False, "though another's answer is remembered");
        Assert.That(demand.Accepts(_pair.Server, Leaf, _client, isHere: true, Now, Now + Minute), Is.True, "it stays good without a name");
        LibSsl.SSL_free(named);
    }

    [Test]
    public void Accepts_NameDemanded_TheClientsOwnIsLetIn()
    {
        Assert.That(Asks(static ssl => DemandName((SSL*)ssl, "client-p256.example")), Is.True);
        Assert.That(Asks(static ssl => DemandName((SSL*)ssl, "somebody.else.example")), Is.False);
    }

    /// <summary>1.1.1 does not say whether a name is demanded, so that nothing is remembered there.</summary>
    [Test]
    public void Accepts_CertificateThatEndsMeanwhile_IsNotRemembered()
    {
        using ClientDemand demand = DemandOf(_pair.Server);
        long inAThousandYears = Now + (1000L * 365 * 24 * 60 * Minute);
        Assert.That(demand.Accepts(_pair.Server, Leaf, _client, isHere: true, Now, inAThousandYears), Is.True);
        Assert.That(_client.IsAccepted(demand.Number, Now), Is.False);
        demand.NoteAccepted(new SslRef(_pair.Server), _client, inAThousandYears);
        Assert.That(_client.IsAccepted(demand.Number, Now), Is.False, "nor what the full handshake has said");

        Assert.That(demand.Accepts(_pair.Server, Leaf, _client, isHere: true, Now, Now + Minute), Is.True);
        Assert.That(_client.IsAccepted(demand.Number, Now), Is.EqualTo(OpenSslLibrary.Version.Major >= 3), "or nothing ever is");
        var another = new ClientVerification(_client.VerifyMode, 0, []);
        demand.NoteAccepted(new SslRef(_pair.Server), another, Now + Minute);
        Assert.That(another.IsAccepted(demand.Number, Now), Is.True);
    }

    [Test]
    public void Setup_AuthenticationLevelOrTheStoresCallback_IsAnotherPlace()
    {
        var before = ConnectionSetup.Of(_pair.Server, isOff: false);
        LibCrypto.X509_VERIFY_PARAM_set_auth_level(LibSsl.SSL_get0_param(_pair.Server), 4);
        var strict = ConnectionSetup.Of(_pair.Server, isOff: false);
        Assert.That((strict == before, strict.AuthenticationLevel), Is.EqualTo((false, 4)));
    }

    private bool Asks(Action<nint> setUp)
    {
        SSL* ssl = LibSsl.SSL_new(_server.Pointer);
        setUp((nint)ssl);
        using ClientDemand demand = DemandOf(ssl);
        bool accepts = demand.Accepts(ssl, Leaf, _client, isHere: true, nowUnixMilliseconds: 0, rememberedUntil: 0);
        LibSsl.SSL_free(ssl);
        return accepts;
    }

    private static void DemandName(SSL* ssl, string name)
    {
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(name + '\0'))
        {
            Assert.That(Osr.osr_demand_client_name(ssl, text), Is.EqualTo(1));
        }
    }

    private static ClientDemand DemandOf(SSL* ssl) => new(ssl, ConnectionSetup.Of(ssl, isOff: false), known: null);
}
