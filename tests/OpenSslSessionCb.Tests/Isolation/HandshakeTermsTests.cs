using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A session is resumed only on terms that its client and this server would agree on now. Each case has its control: without a session to
/// offer, the same client is served on the new terms.
/// </summary>
[TestFixture(100)]
[TestFixture(0)]
public sealed class HandshakeTermsTests(int nearCacheCapacity) : LeakCheckedTests
{
    private const string Aes = "ECDHE-ECDSA-AES128-GCM-SHA256";
    private const string ChaCha = "ECDHE-ECDSA-CHACHA20-POLY1305";

    private MemorySessionStore _store = null!;
    private CacheNode _node = null!;

    private SessionCacheOptions Options => new() { NearCacheCapacity = nearCacheCapacity, LookupDeadline = TimeSpan.FromSeconds(1) };

    [SetUp]
    public void Begin() => _store = new MemorySessionStore();

    [TearDown]
    public async Task End()
    {
        await _node.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Test]
    public async Task CipherSuite_StillAllowedAndOffered_Resumes()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION, client: Ciphers(Aes));
        AssertResumes(session, true, client: Ciphers($"{ChaCha}:{Aes}"), server: Ciphers($"{ChaCha}:{Aes}"));
    }

    [Test]
    public async Task CipherSuite_ServerAllowsNoMore_FullHandshake()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION, client: Ciphers(Aes));
        AssertResumes(session, false, client: Ciphers($"{Aes}:{ChaCha}"), server: Ciphers(ChaCha));
    }

    [Test]
    public async Task CipherSuite_ClientOffersNoMore_FullHandshake()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION, client: Ciphers(Aes));
        AssertResumes(session, false, client: Ciphers(ChaCha));
    }

    [Test]
    public async Task CipherSuite_BelowTheSecurityLevel_IsNotResumed()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION, client: Ciphers(Aes));
        Ciphers("ALL:@SECLEVEL=4")(_node.Server);
        Assert.That(Visit(session, null), Is.Not.EqualTo("resumed"));
        Assert.That(Visit(null, null), Is.EqualTo("refused"), "the control: 128 bits are not enough");
        Assert.That(Rejected, Is.EqualTo(1));
    }

    [Test]
    public async Task ExtendedMasterSecret_ServerDoesItNoMore_FullHandshake()
    {
        RequireChoiceOfMasterSecret();
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION);
        AssertResumes(session, false, server: NoExtendedMasterSecret);
    }

    [Test]
    public async Task ExtendedMasterSecret_ClientDoesItNoMore_FullHandshake()
    {
        RequireChoiceOfMasterSecret();
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION);
        AssertResumes(session, false, client: NoExtendedMasterSecret);
    }

    [Test]
    public async Task ExtendedMasterSecret_NeverThere_Resumes()
    {
        RequireChoiceOfMasterSecret();
        using ClientSession session = await MakeAsync(LibSsl.TLS1_2_VERSION, client: NoExtendedMasterSecret);
        AssertResumes(session, true, client: NoExtendedMasterSecret);
    }

    [Test]
    public async Task FragmentLength_AnotherOrNone_FullHandshake(
        [Values(LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION)] int version, [Values(0, 1, 2)] int made, [Values(0, 1, 2)] int offered)
    {
        using ClientSession session = await MakeAsync(version, client: Fragment(made));
        AssertResumes(session, made == offered, client: Fragment(offered));
    }

    [Test]
    public async Task HashOfTheCipherSuite_AnotherInTls13_FullHandshake()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_3_VERSION, client: Suites("TLS_AES_256_GCM_SHA384"));
        AssertResumes(session, false, client: Suites("TLS_AES_128_GCM_SHA256"));
    }

    [Test]
    public async Task CipherSuite_AnotherOfTheSameHashInTls13_Resumes()
    {
        using ClientSession session = await MakeAsync(LibSsl.TLS1_3_VERSION, client: Suites("TLS_AES_128_GCM_SHA256"));
        AssertResumes(session, true, client: Suites("TLS_CHACHA20_POLY1305_SHA256"));
    }

    private long Rejected => _node.Statistics.RejectedByReason[nameof(RecordProblem.OtherTerms)];

    private int Protocol { get; set; }

    private static Action<TlsContext> Ciphers(string list) => context => ContextSetup.Ciphers(context, list);

    private static Action<TlsContext> Suites(string list) => context => ContextSetup.CipherSuites(context, list);

    private static Action<TlsContext> Fragment(int mode) => context => ContextSetup.FragmentLength(context, (byte)mode);

    private static void NoExtendedMasterSecret(TlsContext context) =>
        ContextSetup.Options(context, LibSsl.SSL_OP_NO_EXTENDED_MASTER_SECRET);

    private static void RequireChoiceOfMasterSecret()
    {
        if (OpenSslLibrary.Version.Major < 3)
        {
            Assert.Ignore("It is about the extended master secret of TLS 1.2, and 1.1.1 cannot do without.");
        }
    }

    private async Task<ClientSession> MakeAsync(int version, Action<TlsContext>? client = null)
    {
        Protocol = version;
        _node = new CacheNode(_store, version, Options);
        Assert.That(Visit(null, client, out ClientSession? made), Is.EqualTo("served"));
        await Eventually.True(() => _node.Statistics.Queued == 0, "it is written");
        return made!;
    }

    private void AssertResumes(ClientSession session, bool resumes, Action<TlsContext>? client = null, Action<TlsContext>? server = null)
    {
        server?.Invoke(_node.Server);
        Assert.That(Visit(null, client), Is.EqualTo("served"), "the control");
        Assert.That(Visit(session, client), Is.EqualTo(resumes ? "resumed" : VisitAlone(session, client, server)));
        Assert.That(Rejected, Is.EqualTo(resumes ? 0 : 1));
    }

    /// <summary>
    /// At a server without us, which does not know the session. From 3.2 on libssl's client turns down some full handshakes of TLS 1.3
    /// after it has offered a session with a fragment length.
    /// </summary>
    private string VisitAlone(ClientSession session, Action<TlsContext>? client, Action<TlsContext>? server)
    {
        using TlsContext alone = TlsContext.Server(Protocol);
        server?.Invoke(alone);
        string outcome = Visit(alone, session, client, out ClientSession? next);
        next?.Dispose();
        bool isServed = Protocol != LibSsl.TLS1_3_VERSION || OpenSslLibrary.Version < new Version(3, 2);
        Assert.That(outcome, isServed ? Is.EqualTo("served") : Is.Not.EqualTo("resumed"));
        return outcome;
    }

    private string Visit(ClientSession? offer, Action<TlsContext>? client)
    {
        string outcome = Visit(offer, client, out ClientSession? next);
        next?.Dispose();
        return outcome;
    }

    private string Visit(ClientSession? offer, Action<TlsContext>? setting, out ClientSession? next) =>
        Visit(_node.Server, offer, setting, out next);

    private string Visit(TlsContext server, ClientSession? offer, Action<TlsContext>? setting, out ClientSession? next)
    {
        next = null;
        using TlsContext client = TlsContext.Client(Protocol);
        setting?.Invoke(client);
        using var pair = new TlsPair(server, client, offer);
        if (!pair.TryHandshake())
        {
            TestContext.Out.WriteLine(pair.Error);
            return "refused";
        }

        pair.Exchange();
        next = pair.TakeClientSession();
        string outcome = pair.Resumed ? "resumed" : "served";
        pair.Close();
        return outcome;
    }
}
