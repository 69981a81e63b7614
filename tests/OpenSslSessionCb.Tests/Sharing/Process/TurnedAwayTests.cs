using System.Security.Authentication;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// SslStream judges clients after the handshake, on resumed connections too. Whom it turns away there loses one connection: the next
/// attempt is a full handshake.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class TurnedAwayTests(int version) : SslStreamTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private SpyStore _store = null!;
    private ClientChain _chain = null!;
    private TlsContext _client = null!;
    private SessionKeyRing _keys = null!;
    private SessionCache _cache = null!;
    private ProcessAttachment _attachment = null!;
    private SslStreamServer _server = null!;

    [SetUp]
    public void AttachCache()
    {
        _store = new SpyStore();
        _chain = new ClientChain();
        _client = _chain.Client(version);
        _keys = SessionKeyRing.Generate();
        _server = new SslStreamServer(_chain.Server);
        Attach(new SessionCacheOptions());
    }

    [TearDown]
    public async Task DisposeOfAll()
    {
        await DetachAsync();
        await _store.DisposeAsync();
        _client.Dispose();
        _chain.Dispose();
        _keys.Dispose();
        Assert.That(ConnectionVerdicts.Count, Is.Zero, "connections whose verdict is still awaited");
    }

    [Test]
    public async Task Client_TurnedAwayAfterAResumption_IsServedByAFullHandshake()
    {
        using SslStreamVisit first = await _server.VisitAsync(_client);
        using SslStreamVisit again = await _server.VisitAsync(_client, first.Session);
        Assert.That((first.Fate, again.Fate), Is.EqualTo(((true, false), (true, true))), "the control: whom it lets in");

        _server.Accepts = static () => false;
        using SslStreamVisit turnedAway = await _server.VisitAsync(_client, again.Session);
        Assert.That(turnedAway.Fate, Is.EqualTo((false, true)));

        _server.Accepts = static () => true;
        using SslStreamVisit renewed = await _server.VisitAsync(_client, turnedAway.Session);
        using SslStreamVisit old = await _server.VisitAsync(_client, again.Session);
        Assert.That((renewed.Fate, old.Fate), Is.EqualTo(((true, false), (true, false))));

        // On TLS 1.3 the connection has announced a new session before it was turned away.
        int gone = version == LibSsl.TLS1_3_VERSION ? 2 : 1;
        SessionCacheStatistics statistics = _cache.Statistics;
        Assert.That((statistics.TurnedAway, statistics.Removed), Is.EqualTo((gone, gone)));
        Assert.That(statistics.RejectedByReason[nameof(RecordProblem.Removed)], Is.EqualTo(2));
    }

    [Test]
    public async Task Session_OfAConnectionThatWasTurnedAway_IsGoneFromTheStore()
    {
        using SslStreamVisit first = await _server.VisitAsync(_client);
        await _store.WaitForWrites(1);
        _server.Accepts = static () => false;
        using SslStreamVisit turnedAway = await _server.VisitAsync(_client, first.Session);
        await _store.WaitForWrites(version == LibSsl.TLS1_3_VERSION ? 3 : 1);
        Assert.That(_store.Records, Is.Empty);

        _server.Accepts = static () => true;
        _clock.Advance(RemovedSessions.Lifetime);
        using SslStreamVisit later = await _server.VisitAsync(_client, turnedAway.Session);
        Assert.That(later.Fate, Is.EqualTo((true, false)));
        Assert.That(_cache.Statistics.RejectedByReason[nameof(RecordProblem.Removed)], Is.Zero, "it is not remembered any more");
    }

    [Test]
    public async Task Session_OfAFullHandshakeThatWasTurnedAway_IsRemovedToo()
    {
        _server.Accepts = static () => false;
        using SslStreamVisit turnedAway = await _server.VisitAsync(_client);
        await _store.WaitForWrites(2);
        Assert.That((turnedAway.Fate, _store.Records.Count), Is.EqualTo(((false, false), 0)));

        _server.Accepts = static () => true;
        using SslStreamVisit next = await _server.VisitAsync(_client, turnedAway.Session);
        Assert.That((next.Fate, _cache.Statistics.TurnedAway), Is.EqualTo(((true, false), 1)));
    }

    [Test]
    public async Task Session_OfAConnectionThatWasUsed_Stays([Values] Deed deed)
    {
        using SslStreamVisit first = await _server.VisitAsync(_client, deed: deed);
        using SslStreamVisit second = await _server.VisitAsync(_client, first.Session, deed);
        using SslStreamVisit third = await _server.VisitAsync(_client, second.Session, deed);

        Assert.That((first.Fate, second.Fate, third.Fate), Is.EqualTo(((true, false), (true, true), (true, true))));
        Assert.That((_cache.Statistics.TurnedAway, _cache.Statistics.Removed), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Session_OfAConnectionThatVerifiesNobody_Stays()
    {
        var open = new SslStreamServer(_chain.Server) { Asks = false };
        using SslStreamVisit first = await open.VisitAsync(_client);
        open.Accepts = static () => false;
        using SslStreamVisit turnedAway = await open.VisitAsync(_client, first.Session);
        open.Accepts = static () => true;
        using SslStreamVisit next = await open.VisitAsync(_client, turnedAway.Session);

        Assert.That((turnedAway.Fate, next.Fate), Is.EqualTo(((false, true), (true, true))));
        Assert.That(_cache.Statistics.TurnedAway, Is.Zero);
    }

    [Test]
    public async Task Session_NamedByWhoHasNotItsSecret_Stays()
    {
        // Anybody can say a hello that they have seen; they cannot finish the handshake.
        using SslStreamVisit first = await _server.VisitAsync(_client);
        await _server.SayHelloAsync(_client, first.Session);
        using SslStreamVisit next = await _server.VisitAsync(_client, first.Session);

        Assert.That((next.Fate, _cache.Statistics.TurnedAway), Is.EqualTo(((true, true), 0)));
    }

    [Test]
    public async Task Session_GivenOutAndNotTakenByLibssl_Stays()
    {
        if (version != LibSsl.TLS1_2_VERSION || OpenSslLibrary.Version.Major < 3)
        {
            Assert.Ignore("It is about the extended master secret of TLS 1.2, and 1.1.1 cannot do without.");
        }

        // libssl does not resume a session without extended master secret for a client that knows it: the handshake is a full one, and
        // what becomes of that client says nothing about who owns the session.
        using TlsContext plain = WithoutExtendedMasterSecret();
        using SslStreamVisit owner = await _server.VisitAsync(plain);
        _server.Accepts = static () => false;
        using SslStreamVisit other = await _server.VisitAsync(_client, owner.Session);
        _server.Accepts = static () => true;
        using SslStreamVisit again = await _server.VisitAsync(plain, owner.Session);

        Assert.That((other.Fate, again.Fate), Is.EqualTo(((false, false), (true, true))));
        Assert.That((_cache.Statistics.NearHits, _cache.Statistics.TurnedAway), Is.EqualTo((2, 1)), "the full handshake's own");
    }

    [Test]
    public async Task Lookup_UnderWayWhenItsSessionIsTurnedAway_DoesNotBringItBack()
    {
        await DetachAsync();
        Attach(new SessionCacheOptions { LookupDeadline = TimeSpan.FromSeconds(1), NearCacheCapacity = 0 });
        using SslStreamVisit first = await _server.VisitAsync(_client);
        await _store.WaitForWrites(1);
        byte[] record = _store.Records.Values.Single();
        using var isJudged = new ManualResetEventSlim();
        using var mayJudge = new ManualResetEventSlim();
        _server.Accepts = () =>
        {
            isJudged.Set();
            return !mayJudge.Wait(Eventually.Patience);
        };
        Task<SslStreamVisit> other = _server.VisitAsync(_client, first.Session);
        Assert.That(isJudged.Wait(Eventually.Patience), Is.True);

        _server.Accepts = static () => true;
        _store.Before = async () =>
        {
            mayJudge.Set();
            await other;
        };
        _store.Tamper = (_, _) => [.. record];
        using SslStreamVisit meanwhile = await _server.VisitAsync(_client, first.Session);

        using SslStreamVisit turnedAway = await other;
        Assert.That((turnedAway.Fate, meanwhile.Fate), Is.EqualTo(((false, true), (true, false))));
        Assert.That(_cache.Statistics.RejectedByReason[nameof(RecordProblem.Removed)], Is.EqualTo(1));
    }

    [Test]
    public async Task Context_MadeByAProgramOnSslStreamsStack_IsNotTakenForSslStreams()
    {
        // .NET judges no client of such a context: OpenSSL must be asked.
        (bool IsOnItsStack, bool IsTakenForIts) seen = default;
        _server.Accepts = () =>
        {
            using TlsContext own = TlsContext.Server(version);
            seen = (new System.Diagnostics.StackTrace().ToString().Contains("System.Net.Security.SslStream", StringComparison.Ordinal),
                IsTakenForSslStreams(own));
            return true;
        };
        using SslStreamVisit visit = await _server.VisitAsync(_client);

        Assert.That(seen, Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Process_WhoseOtherHostsMoveConnections_SslStreamsResumeAtOnce()
    {
        await DetachAsync();
        Attach(new SessionCacheOptions(), new ProcessAttachOptions { ChangesAfterHello = true });
        var other = new SslStreamServer(_chain.Server) { Protocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        using SslStreamVisit first = await _server.VisitAsync(_client);

        // Its context has seen no connection yet: where those of others lead would not be known.
        using SslStreamVisit next = await other.VisitAsync(_client, first.Session);
        Assert.That((next.Fate, _attachment.Contexts.Count), Is.EqualTo(((true, true), 2)));
    }

    private static unsafe bool IsTakenForSslStreams(TlsContext context) => SslStreamContexts.Include(context.Pointer);

    private void Attach(SessionCacheOptions options, ProcessAttachOptions? processOptions = null)
    {
        _cache = new SessionCache(_store, options with { LeaveStoreOpen = true, TimeProvider = _clock, KeyRing = _keys });
        _attachment = _cache.AttachToProcess(processOptions);
    }

    private async Task DetachAsync()
    {
        _attachment.Dispose();
        await _cache.DisposeAsync();
    }

    private unsafe TlsContext WithoutExtendedMasterSecret()
    {
        TlsContext client = _chain.Client(version);
        LibSsl.SSL_CTX_set_options(client.Pointer, LibSsl.SSL_OP_NO_EXTENDED_MASTER_SECRET);
        return client;
    }
}
