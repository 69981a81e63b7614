using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A lookup is waited for until its deadline and no longer, and then is over for the store too.</summary>
public sealed class LookupDeadlineTests : LeakCheckedTests
{
    // Fifteen deadlines: an answer that comes then is in time only for who waits for many of them.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_muchLater = TimeSpan.FromSeconds(15);

    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();

    private SessionCacheOptions Options => new() { KeyRing = _ring, NearCacheCapacity = 0, LookupDeadline = s_deadline };

    [OneTimeTearDown]
    public void DisposeOfRing() => _ring.Dispose();

    [Test]
    public async Task Lookup_AnswerComesMuchLaterThanTheDeadline_FullHandshake()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(s_muchLater);

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.Late, Is.EqualTo(1));
    }

    [Test]
    public async Task LookAhead_AnswerComesMuchLaterThanTheDeadline_FullHandshake()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(s_muchLater);
        await node.Cache.Ahead.AskAsync([ClientView.Id(session)], default);
        store.Before = null;

        Assert.That(node.Resumes(session), Is.False);
        Assert.That((node.Statistics.Late, store.Gets), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Lookup_AfterOneThatHangs_AsksAnew()
    {
        var store = new SpyStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options with { LookupDeadline = TimeSpan.FromMilliseconds(50) });
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(Timeout.Infinite);

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Resumes(session), Is.False);
        Assert.That(store.Gets, Is.EqualTo(2));
    }

    [Test]
    public async Task Lookup_GivenUp_TheStoreIsTold()
    {
        var store = new ObedientStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options with { LookupDeadline = TimeSpan.FromMilliseconds(50) });
        using ClientSession session = node.FirstSession();
        await Eventually.True(() => node.Statistics.Queued == 0, "it is written");

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(async () => await store.Told.Task.WaitAsync(s_muchLater), Throws.Nothing);
        Assert.That(node.Statistics.Errors, Is.Zero, "it was told to end, and so it is no failure");
    }

    [Test]
    public async Task InProcessStore_DoesNotAnswerAtOnce_IsAFailureAndNotWaitedFor()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => Task.Delay(s_muchLater);

        Assert.That(node.Resumes(session), Is.False);
        Assert.That((node.Statistics.Errors, node.Attachment.FailureCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task InProcessStore_Throws_IsAFailureOfTheStoreAndNotOfTheHandler()
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = node.FirstSession();
        await store.WaitForWrites(1);
        store.Before = static () => throw new IOException("the disk is on fire");

        Assert.That(node.Resumes(session), Is.False);
        Assert.That((node.Statistics.Errors, node.Attachment.FailureCount), Is.EqualTo((1, 0)));
    }

    /// <summary>Never answers, but ends when it is told to.</summary>
    private sealed class ObedientStore : ISessionStore
    {
        public TaskCompletionSource Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SessionStoreTraits Traits => SessionStoreTraits.None;

        public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
        {
            await using CancellationTokenRegistration told = cancellationToken.Register(() => Told.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }

        public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask PutAsync(
            SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;

        public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
