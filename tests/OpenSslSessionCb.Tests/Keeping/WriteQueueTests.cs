using System.Collections.Concurrent;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Changes on their way to the store: in order, never lost in silence, whether the writer is awake or asleep.</summary>
public sealed class WriteQueueTests
{
    private static readonly TimeSpan s_patience = Eventually.Patience;

    private readonly ConcurrentQueue<SslSessionId> _written = new();

    [SetUp]
    public void Forget() => _written.Clear();

    [Test]
    public async Task TryAdd_FromManyThreads_EachThreadsChangesAreWrittenInOrder()
    {
        const int Threads = 4;
        const int Each = 5_000;
        using var queue = new WriteQueue(Threads * Each, Write);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int number = 0; number < Each; number++)
            {
                Assert.That(queue.TryAdd(Change((byte)thread, number)), Is.True);
            }
        });

        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
        Assert.That(_written, Has.Count.EqualTo(Threads * Each));
        foreach (var ofOne in _written.Select(static id => id.ToArray()).GroupBy(static id => id[0]))
        {
            Assert.That(ofOne.Select(static id => BitConverter.ToInt32(id, 1)), Is.Ordered);
        }
    }

    [TestCase(0, Description = "The writer is looking for changes.")]
    [TestCase(200, Description = "The writer sleeps until it is woken.")]
    public async Task TryAdd_AfterAPause_IsWritten(int milliseconds)
    {
        using var queue = new WriteQueue(10, Write);
        for (int number = 0; number < 3; number++)
        {
            await Task.Delay(milliseconds);
            queue.TryAdd(Change(0, number));
            await Eventually.True(() => _written.Count == number + 1, "the change is written");
        }

        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
    }

    [TestCase(0)]
    [TestCase(200)]
    public async Task CloseAsync_NothingIsQueued_Ends(int millisecondsBefore)
    {
        using var queue = new WriteQueue(10, Write);
        await Task.Delay(millisecondsBefore);

        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
        Assert.That(queue.TryAdd(Change(0, 0)), Is.False, "after it is closed");
    }

    [Test]
    public async Task TryAdd_Full_IsRefused()
    {
        var begun = new TaskCompletionSource();
        var store = new TaskCompletionSource();
        using var queue = new WriteQueue(2, async (change, _) =>
        {
            begun.TrySetResult();
            await store.Task;
            _written.Enqueue(change.Id);
        });

        queue.TryAdd(Change(0, 0));
        await begun.Task.WaitAsync(s_patience);
        Assert.That(queue.TryAdd(Change(0, 1)), Is.True);
        Assert.That(queue.TryAdd(Change(0, 2)), Is.True);
        Assert.That(queue.TryAdd(Change(0, 3)), Is.False);
        Assert.That(queue.Count, Is.EqualTo(3), "the one being written counts: the store has not confirmed it");

        store.SetResult();
        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
        Assert.That(queue.Count, Is.Zero);
        Assert.That(_written, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task CloseAsync_StoreHangs_GivesUpWhatIsQueuedAndCancelsTheRest()
    {
        var begun = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        using var queue = new WriteQueue(10, async (_, impatience) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, impatience).ContinueWith(_ => cancelled.TrySetResult(), TaskScheduler.Default);
        });
        for (int number = 0; number < 4; number++)
        {
            queue.TryAdd(Change(0, number));
        }

        await begun.Task.WaitAsync(s_patience);
        Assert.That(await queue.CloseAsync(TimeSpan.FromMilliseconds(50)), Is.EqualTo(3).Or.EqualTo(2),
            "one change was being written, and cancelling it may let the writer take the next");
        await cancelled.Task.WaitAsync(s_patience);
    }

    private static WriteOperation Change(byte thread, int number) =>
        new(new SslSessionId([thread, .. BitConverter.GetBytes(number)]), [], null, default);

    private ValueTask Write(WriteOperation change, CancellationToken cancellationToken)
    {
        _written.Enqueue(change.Id);
        return default;
    }
}
