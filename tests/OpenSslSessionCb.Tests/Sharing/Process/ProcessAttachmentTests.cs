using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A cache attached to the process: contexts whose hosts know nothing of it.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class ProcessAttachmentTests(int version) : LeakCheckedTests
{
    // The hosts here make their contexts themselves, with whichever libssl is tested.
    private static readonly ProcessAttachOptions s_anyHost = new() { RequireSslStream = false };

    private CollectingLogger _log = null!;
    private SessionCache _cache = null!;

    [SetUp]
    public void MakeCache() =>
        _cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { LoggerFactory = _log = new CollectingLogger() });

    [TearDown]
    public async Task DisposeOfCache() => await _cache.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public void Contexts_OfAHostWithARandomSessionIdContextEach_ShareTheirSessions(bool mutual)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        using TlsContext first = HostedServer(mutual);
        using TlsContext second = HostedServer(mutual);
        using ClientSession session = Connect(first, null, out _, mutual);

        using ClientSession next = Connect(second, session, out bool resumed, mutual);
        Assert.That(resumed, Is.True);
        Assert.That(
            attachment.Contexts.Select(static context => context.Decision),
            Is.EqualTo(new[] { ProcessContextDecision.Shares, ProcessContextDecision.Shares }));
        Assert.That(attachment.FailureCount, Is.Zero);
    }

    [Test]
    public void Contexts_WithoutTheCache_DoNotShare()
    {
        using TlsContext first = HostedServer();
        using TlsContext second = HostedServer();
        using ClientSession session = Connect(first, null, out _);

        using ClientSession next = Connect(second, session, out bool resumed);
        Assert.That(resumed, Is.False, "or the test above proves nothing");
    }

    [Test]
    public void Context_MadeBefore_IsLeftAsItWas()
    {
        using TlsContext before = HostedServer();
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        ContextView settings = ContextView.Of(before);
        Connect(before, null, out _).Dispose();

        Assert.That(ContextView.Of(before), Is.EqualTo(settings));
        Assert.That(attachment.Contexts, Is.Empty);
        Assert.That(_cache.Statistics.New, Is.Zero);
    }

    [Test]
    public void Context_OfAClient_IsLeftAsItWas()
    {
        using TlsContext server = HostedServer();
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        using TlsContext client = TlsContext.Client(version);
        ContextView settings = ContextView.Of(client);
        using var pair = new TlsPair(server, client);
        pair.Connect();

        Assert.That(ContextView.Of(client), Is.EqualTo(settings));
        Assert.That(SessionCallbacks.Read(client.Raw), Is.EqualTo(default(SessionCallbackPointers)));
        Assert.That(attachment.ContextsMade, Is.EqualTo(1));
        Assert.That(attachment.Contexts, Is.Empty);
        pair.Close();
    }

    [Test]
    public void Context_WithCallbacksOfItsOwn_IsLeftToItsHost()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        using TlsContext server = HostedServer();
        using var host = new ReferenceCache();
        host.Attach(server);
        ContextView settings = ContextView.Of(server);
        SessionCallbackPointers callbacks = SessionCallbacks.Read(server.Raw);
        Connect(server, null, out _).Dispose();

        Assert.That(attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.HasOwnCallbacks));
        Assert.That(SessionCallbacks.Read(server.Raw), Is.EqualTo(callbacks));
        Assert.That(ContextView.Of(server), Is.EqualTo(settings));
        server.Dispose();
    }

    [Test]
    public void Context_WithResumptionOff_IsLeftToItsHost()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        using TlsContext server = HostedServer();
        ContextSetup.CacheMode(server, LibSsl.SSL_SESS_CACHE_OFF);
        Connect(server, null, out _).Dispose();

        Assert.That(attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.ResumptionOff));
        Assert.That(_cache.Statistics.New, Is.Zero);
    }

    [TestCase(0ul, ProcessContextDecision.Shares)]
    [TestCase((ulong)LibSsl.SSL_OP_NO_TICKET, ProcessContextDecision.ResumptionOff)]
    public void Context_OfAHostThatKnowsNothingOfUs_WithoutACache_SharesIfItGivesOutTickets(ulong options, ProcessContextDecision decision)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost with { ReplacesHostCallbacks = true });
        using TlsContext server = HostedServer();
        ContextSetup.CacheMode(server, LibSsl.SSL_SESS_CACHE_OFF);
        ContextSetup.Options(server, options);
        using ClientSession session = Connect(server, null, out _);
        Connect(server, session, out bool resumed).Dispose();

        Assert.That((attachment.Contexts.Single().Decision, resumed), Is.EqualTo((decision, decision == ProcessContextDecision.Shares)));
        Assert.That(_log.Lines,
            Has.Count.EqualTo(resumed ? 0 : 1).And.All.EndsWith("its host has switched resumption off. Others like it are not reported."));
    }

    [Test]
    public void Context_FilteredOut_IsLeftToItsHostAndTheFilterIsAskedOnce()
    {
        int asked = 0;
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost with
        {
            Filter = candidate =>
            {
                asked++;
                Assert.That(candidate.Certificate.Length, Is.Positive);
                return false;
            },
        });
        using TlsContext server = HostedServer();
        Connect(server, null, out _).Dispose();
        Connect(server, null, out _).Dispose();

        Assert.That(asked, Is.EqualTo(1));
        Assert.That(attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.FilteredOut));
        Assert.That(_cache.Statistics.New, Is.Zero);
    }

    [Test]
    public void Filter_Throws_TheHandshakeSucceedsAndTheContextDoesNotShare()
    {
        using ProcessAttachment attachment =
            _cache.AttachToProcess(s_anyHost with { Filter = static _ => throw new InvalidOperationException("no") });
        using TlsContext server = HostedServer();
        Connect(server, null, out _).Dispose();

        Assert.That(attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.Failed));
        Assert.That(attachment.LastFailure, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void Sessions_OfAContextWithoutClientCertificates_DoNotCrossToOneThatDemandsThem()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        using TlsContext open = HostedServer();
        using TlsContext strict = HostedServer(mutual: true);
        using ClientSession session = Connect(open, null, out _);

        using ClientSession next = Connect(strict, session, out bool resumed, mutual: true);
        Assert.That(resumed, Is.False);
    }

    [Test]
    public void AttachToProcess_Twice_IsRefused()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        Assert.That(() => _cache.AttachToProcess(s_anyHost), Throws.InvalidOperationException.With.Message.Contains("already"));
    }

    [Test]
    public void Dispose_ThenNewContexts_AreLeftAlone_AndAttachingAgainWorks()
    {
        using TlsContext hosted = Attached(out ContextView before);
        Assert.That(ContextView.Of(hosted), Is.EqualTo(before), "the cache mode is put back");
        Connect(hosted, null, out _).Dispose();
        Assert.That(_cache.Statistics.New, Is.EqualTo(1), "only that of the connection before");

        using ProcessAttachment again = _cache.AttachToProcess(s_anyHost);
        using TlsContext server = HostedServer();
        Connect(server, null, out _).Dispose();
        Assert.That(again.Contexts, Has.Count.EqualTo(1));
        Assert.That(_cache.Statistics.New, Is.EqualTo(2));
    }

    [Test]
    public void Context_Freed_LeavesTheList()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        TlsContext server = HostedServer();
        Connect(server, null, out _).Dispose();
        server.Dispose();

        Assert.That(attachment.Contexts, Is.Empty);
    }

    [Test]
    public void Context_ThatDoesNotShare_LeavesTheListWhenItIsFreed()
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost with { Filter = static _ => false });
        TlsContext server = HostedServer();
        Connect(server, null, out _).Dispose();
        Assert.That(attachment.Contexts, Has.Count.EqualTo(1));
        server.Dispose();

        Assert.That(attachment.Contexts, Is.Empty);
    }

    [Test]
    public async Task Context_AliveWhenAnotherCacheIsAttached_SharesWithThatOne()
    {
        using TlsContext server = Attached(out _);
        long before = _cache.Statistics.New;
        await using var other = new SessionCache(new MemorySessionStore());
        using ProcessAttachment attachment = other.AttachToProcess(s_anyHost);
        using ClientSession session = Connect(server, null, out _);
        using ClientSession next = Connect(server, session, out bool resumed);

        Assert.That(resumed, Is.True);
        Assert.That(attachment.Contexts.Single().Decision, Is.EqualTo(ProcessContextDecision.Shares));
        Assert.That(other.Statistics.Hits, Is.EqualTo(1));
        Assert.That(_cache.Statistics.New, Is.EqualTo(before), "the first cache is out of it");
    }

    [Test]
    public async Task Session_AfterAFatalAlert_IsGoneThoughTheSessionIdContextIsTheHosts()
    {
        await using var cache = new SessionCache(
            new MemorySessionStore(), new SessionCacheOptions { Manage = ManagedSettings.All & ~ManagedSettings.SessionIdContext });
        using ProcessAttachment attachment = cache.AttachToProcess(s_anyHost);
        using TlsContext server = HostedServer();
        using TlsContext client = TlsContext.Client(version);
        using (var pair = new TlsPair(server, client))
        {
            pair.Connect();
            pair.Close(CloseKind.AlertReceived);
        }

        Assert.That(cache.Statistics.New, Is.Positive);
        Assert.That(cache.Statistics.Removed, Is.EqualTo(1));
    }

    private TlsContext Attached(out ContextView before)
    {
        using ProcessAttachment attachment = _cache.AttachToProcess(s_anyHost);
        TlsContext server = HostedServer();
        before = ContextView.Of(server);
        Connect(server, null, out _).Dispose();
        return server;
    }

    /// <summary>As SslStream makes one: a cache of its own, and a session id context that no other context has.</summary>
    private TlsContext HostedServer(bool mutual = false)
    {
        TlsContext server = TlsContext.Server(version, mutual: mutual);
        ContextSetup.SessionIdContext(server, Guid.NewGuid().ToByteArray());
        return server;
    }

    private ClientSession Connect(TlsContext server, ClientSession? offer, out bool resumed, bool mutual = false)
    {
        using TlsContext client = TlsContext.Client(version, mutual);
        using var pair = new TlsPair(server, client, offer);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }
}
