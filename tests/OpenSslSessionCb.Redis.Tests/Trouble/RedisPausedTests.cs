using System.Diagnostics;

namespace OpenSslSessionCb.Tests;

/// <summary>The server is stopped in mid-sentence (SIGSTOP): connections stay open, and nobody answers.</summary>
public sealed class RedisPausedTests : TroubleTests
{
    [Test]
    public async Task Calls_Paused_EndWithTheirTokenAndRecover()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await store.PutAsync(Key(1), Record(1), Lifetime);
        Redis.Pause();
        foreach (Func<CancellationToken, Task> call in (Func<CancellationToken, Task>[])
        [
            async token => await store.GetAsync(Key(1), token),
            async token => await store.TakeAsync(Key(2), token),
            async token => await store.PutAsync(Key(3), Record(3), Lifetime, token),
            async token => await store.RemoveAsync(Key(4), token),
        ])
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            Assert.That(async () => await call(patience.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        Redis.Resume();
        await EventuallyWorks(store);
        Assert.That(await store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Calls_PausedForLongerThanTheClientWaits_FailAsBusyAndNobodyMissesTheException()
    {
        await using RedisSessionStore store = await ConnectAsync(",asyncTimeout=100");
        Redis.Pause();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.That(async () => await store.GetAsync(Key(1), patience.Token), Throws.InstanceOf<OperationCanceledException>());

        // This one is awaited until the client gives up; the one above has failed too by then, and is nobody's.
        SessionStoreException failure = await FailureOf(async () => await store.GetAsync(Key(2)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Busy));
        Redis.Resume();
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Calls_PausedAndHundredsAtOnce_HoldNoThreads()
    {
        await using RedisSessionStore store = await ConnectAsync();
        Redis.Pause();
        int before = Threads();
        using var end = new CancellationTokenSource();
        Task[] calls =
        [
            .. Enumerable.Range(0, 500).Select(number => store.GetAsync(Key(number), end.Token).AsTask()),
            .. Enumerable.Range(0, 500).Select(number => store.PutAsync(Key(number), new byte[16_384], Lifetime, end.Token).AsTask()),
        ];
        await Task.Delay(300);
        Assert.That(Threads() - before, Is.LessThan(10), "threads more than before");

        await end.CancelAsync();
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(calls.Select(static call => call.IsCanceled), Is.All.True);
        Redis.Resume();
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Dispose_Paused_EndsTheCallsThatAreUnderWay()
    {
        RedisSessionStore store = await ConnectAsync();
        Redis.Pause();
        Task<byte[]?> call = store.GetAsync(Key(1)).AsTask();
        await store.DisposeAsync();

        Assert.That(async () => await call, Throws.InstanceOf<ObjectDisposedException>());
    }

    private static int Threads()
    {
        using Process self = Process.GetCurrentProcess();
        return self.Threads.Count;
    }
}
