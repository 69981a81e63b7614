using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A record holds the client's certificate and not what it hangs by; SslStream builds the chain on resumed connections too. Where it
/// could not, the client gets a full handshake, in which it sends its chain.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class ClientIntermediatesTests(int version) : SslStreamTests
{
    private ClientChain _chain = null!;
    private TlsContext _client = null!;
    private SpyStore _store = null!;
    private SessionKeyRing _keys = null!;
    private SessionCache _first = null!;
    private SessionCache _second = null!;

    [SetUp]
    public void MakeNodes()
    {
        _chain = new ClientChain();
        _client = _chain.Client(version, hanging: true);
        _store = new SpyStore();
        _keys = SessionKeyRing.Generate();
        var options = new SessionCacheOptions { LeaveStoreOpen = true, KeyRing = _keys, LookupDeadline = TimeSpan.FromSeconds(1) };
        _first = new SessionCache(_store, options);
        _second = new SessionCache(_store, options);
    }

    [TearDown]
    public async Task DisposeOfAll()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _store.DisposeAsync();
        _client.Dispose();
        _chain.Dispose();
        _keys.Dispose();
    }

    [Test]
    public async Task Client_WhoseCertificateHangsByAnIntermediate_ResumesAtItsNodeAndIsServedAtAnother()
    {
        using SslStreamVisit made = await VisitAsync(_first, null);
        using SslStreamVisit elsewhere = await VisitAsync(_second, made.Session);
        using SslStreamVisit there = await VisitAsync(_second, elsewhere.Session);
        using SslStreamVisit here = await VisitAsync(_first, made.Session);
        using SslStreamVisit renewed = await VisitAsync(_first, here.Session);

        Assert.That((made.Fate, elsewhere.Fate), Is.EqualTo(((true, false), (true, false))));
        Assert.That((there.Fate, here.Fate, renewed.Fate), Is.EqualTo(((true, true), (true, true), (true, true))));
        Assert.That(_second.Statistics.RejectedByReason[nameof(RecordProblem.ClientChain)], Is.EqualTo(1));
        Assert.That((_first.Statistics.TurnedAway, _second.Statistics.TurnedAway), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Client_WhoseIntermediateTheNodeKnows_ResumesThereToo()
    {
        ProcessAttachOptions options = new() { ClientIntermediates = [_chain.Root.RawData, _chain.Intermediate.RawData] };
        using SslStreamVisit made = await VisitAsync(_first, null, options, _chain.Intermediate);
        using SslStreamVisit elsewhere = await VisitAsync(_second, made.Session, options, _chain.Intermediate);
        using SslStreamVisit renewed = await VisitAsync(_second, elsewhere.Session, options, _chain.Intermediate);

        Assert.That((made.Fate, elsewhere.Fate, renewed.Fate), Is.EqualTo(((true, false), (true, true), (true, true))));
    }

    [Test]
    public async Task Client_WhoseIntermediateIsNotAmongThoseKnown_IsServedByAFullHandshake()
    {
        ProcessAttachOptions options = new() { ClientIntermediates = [_chain.Root.RawData] };
        using SslStreamVisit made = await VisitAsync(_first, null, options);
        using SslStreamVisit elsewhere = await VisitAsync(_second, made.Session, options);

        Assert.That(elsewhere.Fate, Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Client_WhoseIntermediateIsSaidToBeKnownAndIsNot_LosesOneConnection()
    {
        // What happens without the refusal, and the net under it.
        ProcessAttachOptions options = new() { ClientIntermediates = [_chain.Intermediate.RawData] };
        using SslStreamVisit made = await VisitAsync(_first, null);
        using SslStreamVisit elsewhere = await VisitAsync(_second, made.Session, options);
        using SslStreamVisit next = await VisitAsync(_second, elsewhere.Session, options);
        using SslStreamVisit after = await VisitAsync(_second, next.Session, options);

        Assert.That((elsewhere.Fate, next.Fate, after.Fate), Is.EqualTo(((false, true), (true, false), (true, true))));
    }

    [Test]
    public async Task Client_ThatSendsItsCertificateOnly_ResumesAnywhere()
    {
        using TlsContext direct = _chain.Client(version);
        using SslStreamVisit made = await VisitAsync(_first, null, client: direct);
        using SslStreamVisit elsewhere = await VisitAsync(_second, made.Session, client: direct);

        Assert.That((made.Fate, elsewhere.Fate), Is.EqualTo(((true, false), (true, true))));
    }

    /// <summary>SslStream keeps its context, so a node is a cache here: it alone is attached, and decides anew about the context.</summary>
    private async Task<SslStreamVisit> VisitAsync(SessionCache node, ClientSession? offer, ProcessAttachOptions? options = null,
        X509Certificate2? known = null, TlsContext? client = null)
    {
        using ProcessAttachment attachment = node.AttachToProcess(options);
        var server = new SslStreamServer(_chain.Server) { Policy = _chain.Policy(known is null ? [] : [known]) };
        SslStreamVisit visit = await server.VisitAsync(client ?? _client, offer);
        Assert.That(attachment.LastFailure, Is.Null);
        await Eventually.True(() => node.Statistics.Queued == 0, "all sessions are in the store");
        return visit;
    }
}
