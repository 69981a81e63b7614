using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A host that drives SSL_do_handshake itself waits for the store without a thread: SSL_CLIENT_HELLO_RETRY.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class HandshakeLookAheadTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    // What was asked ahead is remembered for two seconds: on this clock, however long a busy machine takes.
    private SessionCacheOptions Options => new()
    {
        KeyRing = _ring,
        NearCacheCapacity = 0,
        LookupDeadline = TimeSpan.FromSeconds(1),
        TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow),
    };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Handshake_StoreMustBeAsked_IsSuspendedAndResumes()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options, lookAhead: true);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        var answered = new TaskCompletionSource();
        store.Before = () => answered.Task;

        using TlsContext client = TlsContext.Client(version);
        using var pair = new SuspendablePair(node.Server, client, session);
        Assert.That(pair.Advance(), Is.EqualTo(LibSsl.SSL_ERROR_WANT_CLIENT_HELLO_CB));
        Assert.That(pair.Advance(), Is.EqualTo(LibSsl.SSL_ERROR_WANT_CLIENT_HELLO_CB), "as often as the host likes");
        Task waiting = SessionCacheAttachment.WaitForLookupAsync(pair.ServerHandle);
        Assert.That(waiting.IsCompleted, Is.False);
        answered.SetResult();
        await waiting;
        store.Before = static () => throw new InvalidOperationException("libssl's thread asks the store");
        pair.Finish();

        Assert.That(pair.Resumed, Is.True);
        Assert.That(store.Gets, Is.EqualTo(1));
        Assert.That(PendingLookAheads.Count, Is.Zero);
    }

    [Test]
    public async Task Handshake_Full_IsNotSuspended()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options, lookAhead: true);

        // One to make the context known; what the client sends of its own is no id of ours.
        node.FirstSession().Dispose();
        node.FirstSession().Dispose();
        Assert.That(store.Gets, Is.Zero);
    }

    [Test]
    public async Task Handshake_StoreTooSlow_GoesOnAtTheDeadlineFull()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(
            store, version, Options with { LookupDeadline = TimeSpan.FromMilliseconds(20) }, lookAhead: true);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(Timeout.Infinite);
        using TlsContext client = TlsContext.Client(version);
        using var pair = new SuspendablePair(node.Server, client, session);
        Assert.That(pair.Advance(), Is.EqualTo(LibSsl.SSL_ERROR_WANT_CLIENT_HELLO_CB));
        await SessionCacheAttachment.WaitForLookupAsync(pair.ServerHandle);
        pair.Finish();

        Assert.That(pair.Resumed, Is.False);
        Assert.That(store.Gets, Is.EqualTo(1));
    }

    [Test]
    public async Task Connection_GivenUpWhileSuspended_LeavesNothingBehind()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options, lookAhead: true);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(Timeout.Infinite);
        using TlsContext client = TlsContext.Client(version);
        var pair = new SuspendablePair(node.Server, client, session);
        Assert.That(pair.Advance(), Is.EqualTo(LibSsl.SSL_ERROR_WANT_CLIENT_HELLO_CB));
        Assert.That(PendingLookAheads.Count, Is.EqualTo(1));
        pair.Dispose();

        Assert.That(PendingLookAheads.Count, Is.Zero);
    }

    [Test]
    public async Task Attachment_Ended_HandshakesGoOnWithoutTheStore()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options, lookAhead: true);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        node.Attachment.Dispose();

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(store.Gets, Is.Zero);
    }
}
