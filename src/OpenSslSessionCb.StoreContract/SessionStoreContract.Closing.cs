using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

// Traits, cancellation, and the end of a store.
public abstract partial class SessionStoreContract
{
    [Test]
    public async Task Traits_OverTheStoresLife_Constant()
    {
        SessionStoreTraits traits = Store.Traits;
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        Assert.That(Store.Traits, Is.EqualTo(traits));

        await Store.DisposeAsync();
        Assert.That(Store.Traits, Is.EqualTo(traits));
    }

    [Test]
    public void Calls_InProcessClaimed_CompleteAtOnce()
    {
        Assume(Store.Traits.HasFlag(SessionStoreTraits.InProcess), "The store does not claim InProcess.");

        Assert.That(Store.PutAsync(Key(1), Record(1), LongLifetime).AsTask().IsCompletedSuccessfully, "put");
        Assert.That(Store.GetAsync(Key(1)).AsTask().IsCompletedSuccessfully, "hit");
        Assert.That(Store.GetAsync(Key(2)).AsTask().IsCompletedSuccessfully, "miss");
        Assert.That(Store.RemoveAsync(Key(1)).AsTask().IsCompletedSuccessfully, "remove");
    }

    [Test]
    public async Task Calls_AlreadyCancelled_NoDamage()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        var cancelled = new CancellationToken(canceled: true);

        await OrCancelledAsync(async () => Assert.That(await Store.GetAsync(Key(1), cancelled), Is.EqualTo(Record(1))));
        await OrCancelledAsync(async () => await Store.PutAsync(Key(2), Record(2), LongLifetime, cancelled));
        await OrCancelledAsync(async () => await Store.RemoveAsync(Key(3), cancelled));

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
        Assert.That(await Store.GetAsync(Key(2)), Is.Null.Or.EqualTo(Record(2)));
        await Store.PutAsync(Key(2), Record(4), LongLifetime);
        Assert.That(await Store.GetAsync(Key(2)), Is.EqualTo(Record(4)));
    }

    [Test]
    public async Task Take_AlreadyCancelled_AtMostOnce()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        int taken = 0;
        await OrCancelledAsync(async () => taken += await Store.TakeAsync(Key(1), new CancellationToken(canceled: true)) is null ? 0 : 1);
        taken += await Store.TakeAsync(Key(1)) is null ? 0 : 1;

        // None, if the store took it and then noticed that nobody wants it: a lost record is allowed.
        Assert.That(taken, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task Dispose_Twice_DoesNothing()
    {
        await Store.DisposeAsync();

        Assert.That(async () => await Store.DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public async Task Calls_AfterDispose_ThrowObjectDisposed()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.DisposeAsync();

        Assert.That(async () => await Store.GetAsync(Key(1)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await Store.PutAsync(Key(1), Record(1), LongLifetime), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await Store.RemoveAsync(Key(1)), Throws.InstanceOf<ObjectDisposedException>());
        if (Store.Traits.HasFlag(SessionStoreTraits.AtomicTake))
        {
            Assert.That(async () => await Store.TakeAsync(Key(1)), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public async Task Dispose_CallsUnderWay_EndOrThrowObjectDisposed()
    {
        Task disposing = Task.CompletedTask;
        await OnThreadsAsync(MixingThreads, async thread =>
        {
            try
            {
                for (int step = 0; step < StepsPerThread; step++)
                {
                    await Store.PutAsync(Key(step), Record(step), LongLifetime);
                    byte[]? record = await Store.GetAsync(Key(step));
                    Assert.That(record, Is.Null.Or.EqualTo(Record(step)));
                    if (thread == 0 && step == 20)
                    {
                        disposing = Store.DisposeAsync().AsTask();
                    }
                }
            }
            catch (ObjectDisposedException)
            {
                // What a call that comes too late is to say.
            }
        });
        await disposing;
    }

    [Test]
    public async Task Dispose_OtherInstanceOpen_RecordsStay()
    {
        await using ISessionStore another = await OpenAnotherOrIgnoreAsync();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.DisposeAsync();

        Assert.That(await another.GetAsync(Key(1)), Is.EqualTo(Record(1)));
        await another.PutAsync(Key(2), Record(2), LongLifetime);
        Assert.That(await another.GetAsync(Key(2)), Is.EqualTo(Record(2)));
    }

    private static async Task OrCancelledAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (OperationCanceledException)
        {
            // Both are right: to complete, and to say that it was cancelled.
        }
    }
}
