using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A store that is slow, hangs or throws: handshakes go on, full ones.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class StoreTroubleTests(int version) : LeakCheckedTests
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options =>
        new() { KeyRing = _ring, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [TestCase(false, TestName = "Lookup_StoreNeverAnswers_FullHandshakeAtTheDeadline")]
    [TestCase(true, TestName = "Lookup_StoreBlocksItsThread_FullHandshakeAtTheDeadline")]
    public async Task Lookup_StoreNeverAnswers_FullHandshake(bool blocks)
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        using var answer = new ManualResetEventSlim();
        var answered = new TaskCompletionSource();
        store.Before = () =>
        {
            if (blocks)
            {
                answer.Wait();
                return Task.CompletedTask;
            }

            return answered.Task;
        };

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.Late, Is.EqualTo(1));

        store.Before = null;
        answer.Set();
        answered.SetResult();
        await Eventually.True(() => node.Resumes(session), "the store answers again");
    }

    [Test]
    public async Task Lookup_StoreThrows_FullHandshakeAndCounted()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = () => throw new IOException("the disk is on fire");

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.Errors, Is.EqualTo(1));
    }

    [Test]
    public async Task Lookups_OfOneIdAtOnce_AreOneQuestion()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        using var asked = new SemaphoreSlim(0);
        var answered = new TaskCompletionSource();
        store.Before = () =>
        {
            asked.Release();
            return answered.Task;
        };
        int before = store.Gets;
        Task<bool>[] handshakes =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => node.Resumes(session), TaskCreationOptions.LongRunning)),
        ];
        await asked.WaitAsync();
        await Eventually.True(() => node.Statistics.Get == 4, "all four wait");
        answered.SetResult();

        Assert.That(await Task.WhenAll(handshakes), Is.All.True);
        Assert.That(store.Gets - before, Is.EqualTo(1));
    }

    [Test]
    public async Task Put_StoreThrows_HandshakeIsUntouchedAndTheNextPutIsTried()
    {
        var store = new SpyStore { BeforePut = static () => throw new IOException("no space left on device") };
        await using var node = new CacheNode(store, version, Options);
        node.FirstSession().Dispose();
        await Eventually.True(() => node.Statistics.Errors == 1, "the failure is counted");

        store.BeforePut = null;
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        Assert.That(node.Resumes(session), Is.True);
    }

    [Test]
    public async Task Put_QueueFull_DroppedAndCountedAndTheHandshakeDoesNotWait()
    {
        var store = new SpyStore();
        var release = new TaskCompletionSource();
        store.BeforePut = () => release.Task;
        await using var node = new CacheNode(store, version, Options with { WriteQueueCapacity = 2 });
        for (int i = 0; i < 10; i++)
        {
            node.FirstSession().Dispose();
        }

        // One is with the store at most, two wait.
        Assert.That(node.Statistics.Dropped, Is.InRange(7, 8));
        Assert.That(node.Statistics.Queued, Is.EqualTo(10 - node.Statistics.Dropped));
        release.SetResult();
        await store.WaitForWrites(2);
    }

    [Test]
    public async Task DisposeAsync_WritesWaiting_AreFlushed()
    {
        var store = new SpyStore();
        var release = new TaskCompletionSource();
        store.BeforePut = () => release.Task;
        await using var node = new CacheNode(store, version, Options);
        for (int i = 0; i < 5; i++)
        {
            node.FirstSession().Dispose();
        }

        ValueTask disposing = node.Cache.DisposeAsync();
        release.SetResult();
        await disposing;
        Assert.That(store.Records, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task DisposeAsync_StoreHangs_GivesUpAfterItsPatienceAndCountsWhatIsLost()
    {
        var store = new SpyStore { BeforePut = static () => new TaskCompletionSource().Task };
        await using var node = new CacheNode(store, version, Options with { FlushTimeout = TimeSpan.FromMilliseconds(50) });
        for (int i = 0; i < 5; i++)
        {
            node.FirstSession().Dispose();
        }

        await node.Cache.DisposeAsync();
        await Eventually.True(() => node.Statistics.Dropped == 5, "all five are counted");
        Assert.That(store.Records, Is.Empty);
    }

    [Test]
    public async Task DisposeAsync_Twice_AndHandshakesAfterIt_AreFull()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, version, Options);
        using ClientSession session = node.FirstSession();
        await node.Cache.DisposeAsync();
        await node.Cache.DisposeAsync();

        Assert.That(() => node.Cache.Attach(node.Server), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(store.IsDisposed, Is.False, "LeaveStoreOpen");
        Assert.That(store.Records, Has.Count.EqualTo(1));
    }
}
