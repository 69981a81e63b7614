using System.Collections.Concurrent;
using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>Several writes under way at once, for a store over a network: bounded, and in order for each session.</summary>
public sealed class PipelinedWriteTests
{
    private const int MaxUnderWay = 8;

    private static readonly TimeSpan s_patience = Eventually.Patience;

    private readonly ConcurrentQueue<(int Number, TaskCompletionSource End)> _begun = new();

    [SetUp]
    public void Forget() => _begun.Clear();

    [Test]
    public async Task TryAdd_StoreAnswersLate_ManyAreBegunAndNoMoreThanMayBe()
    {
        using var queue = new WriteQueue(100, Begin, MaxUnderWay);
        AddAll(queue, 3 * MaxUnderWay);
        await Eventually.True(() => _begun.Count == MaxUnderWay, "so many are under way");
        Assert.That(queue.Count, Is.EqualTo(3 * MaxUnderWay), "none is confirmed");

        End(MaxUnderWay / 2);
        await Eventually.True(() => _begun.Count == MaxUnderWay, "those that ended were followed by as many");

        Task<int> closing = queue.CloseAsync(s_patience).AsTask();
        await Eventually.True(() => End(1) == 0 && closing.IsCompleted, "all end");
        Assert.That(await closing, Is.Zero);
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public async Task TryAdd_OneSessionTwice_SecondIsBegunWhenTheFirstHasEnded()
    {
        using var queue = new WriteQueue(100, Begin, MaxUnderWay);
        queue.TryAdd(Change(1));
        queue.TryAdd(Change(2));
        queue.TryAdd(Change(1));
        queue.TryAdd(Change(3));
        await Eventually.True(() => _begun.Count == 2, "the first two are under way");
        await Task.Delay(20);
        Assert.That(_begun.Select(static write => write.Number), Is.EqualTo((int[])[1, 2]));

        End(2);
        await Eventually.True(() => _begun.Count == 2, "the other two follow");
        Assert.That(_begun.Select(static write => write.Number), Is.EqualTo((int[])[1, 3]));
        End(2);
        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
    }

    [Test]
    public async Task TryAdd_WritesEndInAnyOrder_ThoseOfOneSessionNeverOverlap()
    {
        const int Sessions = 5;
        int[] underWay = new int[Sessions];
        int most = 0;
        int all = 0;
        var overlaps = new ConcurrentQueue<int>();
        using var queue = new WriteQueue(
            2_000,
            async (change, _) =>
            {
                int session = change.Id.ToArray()[0];
                if (Interlocked.Increment(ref underWay[session]) != 1)
                {
                    overlaps.Enqueue(session);
                }

                most = Math.Max(most, Interlocked.Increment(ref all));
                if (Random.Shared.Next(4) > 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref all);
                Interlocked.Decrement(ref underWay[session]);
            },
            MaxUnderWay);
        for (int number = 0; number < 2_000; number++)
        {
            queue.TryAdd(Change(Random.Shared.Next(Sessions)));
        }

        Assert.That(await queue.CloseAsync(s_patience), Is.Zero);
        Assert.That(overlaps, Is.Empty);
        Assert.That(most, Is.LessThanOrEqualTo(MaxUnderWay));
    }

    [Test]
    public async Task CloseAsync_StoreHangs_CancelsAllThatAreUnderWay()
    {
        int begun = 0;
        int cancelled = 0;
        using var queue = new WriteQueue(
            100,
            async (_, impatience) =>
            {
                Interlocked.Increment(ref begun);
                await Task.Delay(Timeout.Infinite, impatience)
                    .ContinueWith(_ => Interlocked.Increment(ref cancelled), TaskScheduler.Default);
            },
            MaxUnderWay);
        AddAll(queue, 2 * MaxUnderWay);
        await Eventually.True(() => Volatile.Read(ref begun) == MaxUnderWay, "so many are under way");

        int givenUp = await queue.CloseAsync(TimeSpan.FromMilliseconds(50));
        await Eventually.True(() => Volatile.Read(ref cancelled) == begun && queue.Count == 0, "the rest is cancelled");
        Assert.That(givenUp + begun, Is.EqualTo(2 * MaxUnderWay));
    }

    [TestCase(SessionStoreTraits.AtomicTake, 1)]
    [TestCase(SessionStoreTraits.AtomicTake | SessionStoreTraits.Pipelined, 5)]
    public async Task Put_StoreAnswersLate_UnderWayAtOnceAsTheStoreClaims(SessionStoreTraits traits, int expected)
    {
        int puts = 0;
        var answer = new TaskCompletionSource();
        var store = new SpyStore
        {
            Traits = traits,
            BeforePut = () =>
            {
                Interlocked.Increment(ref puts);
                return answer.Task;
            },
        };
        using SessionKeyRing ring = SessionKeyRing.Generate();
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, new SessionCacheOptions { KeyRing = ring });
        for (int number = 0; number < 5; number++)
        {
            node.FirstSession().Dispose();
        }

        await Eventually.True(() => Volatile.Read(ref puts) >= expected, "the store is asked");
        await Task.Delay(20);
        Assert.That(puts, Is.EqualTo(expected));

        answer.SetResult();
        await store.WaitForWrites(5);
    }

    private static WriteOperation Change(int number) => new(new SslSessionId([(byte)number]), [], null, default);

    private static void AddAll(WriteQueue queue, int count)
    {
        for (int number = 0; number < count; number++)
        {
            Assert.That(queue.TryAdd(Change(number)), Is.True);
        }
    }

    private async ValueTask Begin(WriteOperation change, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun.Enqueue((change.Id.ToArray()[0], end));
        await end.Task;
    }

    /// <summary>Lets the oldest writes end; returns how many there were.</summary>
    private int End(int count)
    {
        int ended = 0;
        while (ended < count && _begun.TryDequeue(out (int Number, TaskCompletionSource End) write))
        {
            write.End.SetResult();
            ended++;
        }

        return ended;
    }
}
