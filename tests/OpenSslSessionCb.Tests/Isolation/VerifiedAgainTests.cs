using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A session with a client certificate is resumed only where a full handshake, here and now, would end as its own did: libssl itself
/// asks nobody.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class VerifiedAgainTests(int version) : LeakCheckedTests
{
    private static int s_asked;
    private static bool s_acceptsAll;
    private static bool s_refuses;

    private SpyStore _store = null!;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    // 1.1.1 does not tell whether the host demands a name, so it is asked each time.
    private static bool AnswersAreRemembered => OpenSslLibrary.Version.Major >= 3;

    private SessionCacheOptions Options => new() { TimeProvider = _clock, NearCacheLifetime = TimeSpan.FromHours(1) };

    [SetUp]
    public void ForgetWhatHappened()
    {
        _store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        s_asked = 0;
        s_acceptsAll = false;
        s_refuses = false;
    }

    [TearDown]
    public async Task DisposeOfStore() => await _store.DisposeAsync();

    [Test]
    public async Task Client_NotTrustedHere_IsTurnedAwayAsWithoutUs()
    {
        await using var maker = new CacheNode(_store, version, Options, mutual: true);
        await using var other = new CacheNode(_store, version, Options, mutual: true);
        TrustNobody(other.Server);
        using ClientSession session = maker.FirstSession();
        await _store.WaitForWrites(1);

        Assert.That(TryConnect(other.Server, null, out _), Is.False, "the control: a full handshake");
        Assert.That(TryConnect(other.Server, session, out _), Is.False);
        Assert.That(other.Statistics.RejectedByReason[nameof(RecordProblem.ClientNotAccepted)], Is.EqualTo(1));
        Assert.That(maker.Resumes(session), Is.True, "or it resumes nowhere, and the test proves nothing");
    }

    /// <summary>Such a host looks later on at what its callback has noted (HAProxy) or what libssl has (nginx).</summary>
    [Test]
    public async Task Client_LetInWithAnErrorCode_ResumesNowhere()
    {
        s_acceptsAll = true;
        await using var trusts = new CacheNode(_store, version, Options, mutual: true);
        await using var trustsToo = new CacheNode(_store, version, Options, mutual: true);
        await using var first = new CacheNode(_store, version, Options, mutual: true);
        await using var second = new CacheNode(_store, version, Options, mutual: true);
        foreach (CacheNode node in (CacheNode[])[trusts, trustsToo, first, second])
        {
            SetCallback(node.Server);
        }

        TrustNobody(first.Server);
        TrustNobody(second.Server);
        using ClientSession good = trusts.FirstSession();
        using ClientSession bad = first.FirstSession();
        await _store.WaitForWrites(1);

        Assert.That((trustsToo.Resumes(good), second.Resumes(good)), Is.EqualTo((true, false)), "made with X509_V_OK");
        Assert.That((first.Statistics.NotKept, first.Resumes(bad)), Is.EqualTo((1, false)), "made with an error");
        Assert.That((trustsToo.Resumes(bad), second.Resumes(bad)), Is.EqualTo((false, false)), "made with an error");
    }

    [Test]
    public async Task Callback_RefusesByNow_IsAskedAgainAndBelieved()
    {
        await using var node = new CacheNode(_store, version, Options, mutual: true);
        SetCallback(node.Server);
        using ClientSession session = node.FirstSession();
        int full = s_asked;
        int asked = AnswersAreRemembered ? full : 2 * full;
        Assert.That((node.Resumes(session), s_asked), Is.EqualTo((true, asked)), "it has just been asked");

        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That((node.Resumes(session), s_asked), Is.EqualTo((true, asked + full)), "after the interval");

        s_refuses = true;
        Assert.That(
            TryConnect(node.Server, session, out bool resumed) && resumed, Is.EqualTo(AnswersAreRemembered), "within the next interval");
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That(TryConnect(node.Server, session, out _), Is.False);
    }

    [Test]
    public async Task Interval_None_AsksOnEveryResumption()
    {
        await using var node = new CacheNode(_store, version, Options with { ReverifyInterval = TimeSpan.Zero }, mutual: true);
        SetCallback(node.Server);
        using ClientSession session = node.FirstSession();
        int full = s_asked;
        Assert.That((node.Resumes(session), s_asked), Is.EqualTo((true, 2 * full)));
        Assert.That((node.Resumes(session), s_asked), Is.EqualTo((true, 3 * full)));
    }

    [Test]
    public async Task Callback_ClientIsToBeRefused_IsNotBothered()
    {
        // Apache notes down what its callback was told, and turns away the good full handshake that follows.
        await using var maker = new CacheNode(_store, version, Options, mutual: true);
        await using var other = new CacheNode(_store, version, Options, mutual: true);
        SetCallback(other.Server);
        TrustNobody(other.Server);
        using ClientSession session = maker.FirstSession();
        await _store.WaitForWrites(1);

        s_acceptsAll = true;
        Assert.That(other.Resumes(session), Is.False);
        Assert.That(s_asked, Is.EqualTo(AskedInOneHandshake(other.Server)), "by the full handshake only");
    }

    [Test]
    public async Task Client_Refused_NoMoreIdsOfItsHelloAreLookedAt()
    {
        await using var maker = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options, mutual: true);
        await using var other = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options, mutual: true);
        TrustNobody(other.Server);
        using ClientSession first = maker.FirstSession();
        using ClientSession second = maker.FirstSession();
        await _store.WaitForWrites(2);
        AskBoth(other.Server, ClientView.Id(first), ClientView.Id(second));

        Assert.That(other.Statistics.RejectedByReason[nameof(RecordProblem.ClientNotAccepted)], Is.EqualTo(1));
        Assert.That(other.Statistics.OverBudget, Is.EqualTo(1));
    }

    [Test]
    public async Task Renewals_OfOneClient_ShareTheAnswer()
    {
        await using var node = new CacheNode(_store, version, Options, mutual: true);
        SetCallback(node.Server);
        ClientSession session = node.FirstSession();
        int full = s_asked;
        for (int i = 0; i < 3; i++)
        {
            Assert.That(node.Connect(session, out ClientSession next), Is.True);
            session.Dispose();
            session = next;
        }

        session.Dispose();
        Assert.That(s_asked, Is.EqualTo(AnswersAreRemembered ? full : 4 * full));
    }

    private int AskedInOneHandshake(TlsContext server)
    {
        int before = s_asked;
        TryConnect(server, null, out _);
        return s_asked - before;
    }

    private bool TryConnect(TlsContext server, ClientSession? offer, out bool resumed)
    {
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        using var pair = new TlsPair(server, client, offer);
        resumed = false;
        if (!pair.TryHandshake())
        {
            return false;
        }

        pair.Exchange();
        resumed = pair.Resumed;
        pair.Close();
        return true;
    }

    /// <summary>As libssl does on one connection.</summary>
    private static unsafe void AskBoth(TlsContext server, params SslSessionId[] ids)
    {
        SSL* ssl = LibSsl.SSL_new(server.Pointer);
        LibSsl.SSL_set_accept_state(ssl);
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(server.Pointer);
        foreach (SslSessionId id in ids)
        {
            int copy = 1;
            fixed (byte* start = id.ToArray())
            {
                LibSsl.SSL_SESSION_free(get(ssl, start, id.Length, &copy));
            }
        }

        LibSsl.SSL_free(ssl);
    }

    private static unsafe void TrustNobody(TlsContext server) => LibSsl.SSL_CTX_set_cert_store(server.Pointer, LibCrypto.X509_STORE_new());

    private static unsafe void SetCallback(TlsContext server) => LibSsl.SSL_CTX_set_verify(
        server.Pointer, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, &Verify);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Verify(int isGood, X509_STORE_CTX* context)
    {
        Interlocked.Increment(ref s_asked);
        return s_refuses ? 0 : s_acceptsAll ? 1 : isGood;
    }
}
