using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What libssl's remove callback means for the shared store.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class RemovalTests(int version) : LeakCheckedTests
{
    [TestCase(CloseKind.Notify)]
    [TestCase(CloseKind.ServerFreed)]
    [TestCase(CloseKind.TransportEnds)]
    public async Task Session_ConnectionClosedHoweverPeacefully_StaysInTheStore(CloseKind how)
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var first = new CacheNode(store, version);
        await using var second = new CacheNode(store, version);
        using ClientSession session = first.FirstSession(how);
        await store.WaitForWrites(1);

        Assert.That(second.Resumes(session), Is.True);
        Assert.That(first.Resumes(session), Is.True);
        Assert.That(first.Statistics.Removed, Is.Zero);
    }

    [TestCase(CloseKind.AlertSent)]
    [TestCase(CloseKind.AlertReceived)]
    public async Task Session_FatalAlert_IsGoneEverywhere(CloseKind how)
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var first = new CacheNode(store, version);
        await using var second = new CacheNode(store, version);
        using ClientSession session = first.FirstSession(how);
        await store.WaitForWrites(2);

        Assert.That(store.Records, Is.Empty);
        Assert.That(first.Statistics.Removed, Is.EqualTo(1));
        Assert.That(first.Resumes(session), Is.False);
        Assert.That(second.Resumes(session), Is.False);
    }

    [Test]
    public async Task Alert_InAHandshakeThatWasNeverDone_IsNoWriteToTheStore()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var node = new CacheNode(store, version);
        for (int i = 0; i < 20; i++)
        {
            HalfHandshake.EndByAlert(node.Server, version);
        }

        Assert.That((node.Statistics.Removed, node.Statistics.Queued), Is.EqualTo((0, 0)));

        // Written after all that came before it.
        node.FirstSession().Dispose();
        await store.WaitForWrites(1);
        Assert.That(store.Removals, Is.Zero);
    }

    [Test]
    public async Task Session_OneAlertAfterTheOther_IsRemovedOnce()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var node = new CacheNode(store, version, new SessionCacheOptions { NearCacheCapacity = 0 });
        using ClientSession session = node.FirstSession(CloseKind.AlertReceived);
        await store.WaitForWrites(2);

        Assert.That((node.Statistics.Removed, store.Removals), Is.EqualTo((1, 1)));
        Assert.That(node.Resumes(session), Is.False);
    }

    [Test]
    public async Task Lookup_UnderWayWhenTheHostRemovesItsSession_DoesNotBringItBack()
    {
        var store = new SpyStore();
        using SessionKeyRing ring = SessionKeyRing.Generate();
        SessionCacheOptions patient = new() { KeyRing = ring, LookupDeadline = TimeSpan.FromSeconds(1) };
        await using var maker = new CacheNode(store, version, patient);
        await using var node = new CacheNode(store, version, patient);
        using ClientSession session = maker.FirstSession();
        await store.WaitForWrites(1);
        byte[] record = store.Records.Values.Single();
        SslSessionId id = version == LibSsl.TLS1_3_VERSION ? new SslSessionId(ClientView.Ticket(session)) : ClientView.Id(session);
        store.Before = () =>
        {
            node.Cache.Remove(id);
            return Task.CompletedTask;
        };
        store.Tamper = (_, _) => [.. record];

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.Removed)], Is.EqualTo(1));
        store.Before = null;
        Assert.That(node.Resumes(session), Is.False, "the store brings it back for ever, as one that has not heard of the removal yet");
        Assert.That(maker.Resumes(session), Is.True, "or it resumes nowhere, and the test proves nothing");
    }

    [Test]
    public async Task Context_FreedWithSessionsInside_DoesNotWipeTheStore()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        SessionCacheOptions hostKeepsItsOwnCache = new() { Manage = ManagedSettings.All & ~ManagedSettings.CacheMode };
        await using var survivor = new CacheNode(store, version, hostKeepsItsOwnCache);
        ClientSession session;
        await using (var node = new CacheNode(store, version, hostKeepsItsOwnCache))
        {
            session = node.FirstSession();
            await store.WaitForWrites(1);
            node.Server.Dispose();
            Assert.That(node.Attachment.IsAttached, Is.False);
        }

        Assert.That(survivor.Resumes(session), Is.True);
        session.Dispose();
    }

    [Test]
    public async Task Eviction_FromLibsslsOwnCache_DoesNotWipeTheStore()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        SessionCacheOptions hostKeepsItsOwnCache = new() { Manage = ManagedSettings.All & ~ManagedSettings.CacheMode };
        await using var node = new CacheNode(store, version, hostKeepsItsOwnCache);
        ContextSetup.CacheSize(node.Server, 1);
        ClientSession[] sessions = [.. Enumerable.Range(0, 3).Select(_ => node.FirstSession())];
        await store.WaitForWrites(3);

        Assert.That(store.Records, Has.Count.EqualTo(3));
        foreach (ClientSession session in sessions)
        {
            Assert.That(node.Resumes(session), Is.True);
            session.Dispose();
        }
    }
}
