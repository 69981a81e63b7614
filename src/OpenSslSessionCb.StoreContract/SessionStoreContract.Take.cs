using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

// At most one caller anywhere gets what Take returns: a TLS 1.3 ticket that is good for one use rests on it.
public abstract partial class SessionStoreContract
{
    private const int RacingThreads = 64;
    private const int Races = 20;

    [Test]
    public async Task Take_NeverPut_Null()
    {
        IgnoreUnlessAtomicTake();

        Assert.That(await Store.TakeAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Take_Twice_OnceOnly()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);

        Assert.That(await Store.TakeAsync(Key(1)), Is.EqualTo(Record(1)));
        Assert.That(await Store.TakeAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Get_AfterTake_Null()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.TakeAsync(Key(1));

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Put_AfterTake_Kept()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.TakeAsync(Key(1));
        await Store.PutAsync(Key(1), Record(2), LongLifetime);

        Assert.That(await Store.TakeAsync(Key(1)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Take_LongestRecord_SameBytes()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1, SessionStoreRecord.MaxLength), LongLifetime);

        Assert.That(await Store.TakeAsync(Key(1)), Is.EqualTo(Record(1, SessionStoreRecord.MaxLength)));
    }

    [Test]
    public async Task Take_LongerThanAnyRecord_OneByteTooMuchOrNullAndGone()
    {
        IgnoreUnlessAtomicTake();
        await PutTooLongAsync();

        Assert.That(await Store.TakeAsync(Key(1)), Is.Null.Or.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Take_OtherKey_LeavesTheRest()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.PutAsync(Key(2), Record(2), LongLifetime);
        await Store.TakeAsync(Key(1));

        Assert.That(await Store.GetAsync(Key(2)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Take_NotClaimed_ThrowsNotSupported()
    {
        Assume(!Store.Traits.HasFlag(SessionStoreTraits.AtomicTake), "The store claims AtomicTake.");
        await Store.PutAsync(Key(1), Record(1), LongLifetime);

        Assert.That(async () => await Store.TakeAsync(Key(1)), Throws.InstanceOf<NotSupportedException>());
        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Take_ManyThreads_OneGetsIt()
    {
        IgnoreUnlessAtomicTake();
        for (int race = 0; race < Races; race++)
        {
            Assert.That(await RaceAsync(race, [Store]), Is.EqualTo(1), $"race {race}");
        }
    }

    [Test]
    public async Task Take_ManyThreadsOnTwoInstances_OneGetsIt()
    {
        IgnoreUnlessAtomicTake();
        await using ISessionStore another = await OpenAnotherOrIgnoreAsync();
        for (int race = 0; race < Races; race++)
        {
            Assert.That(await RaceAsync(race, [Store, another]), Is.EqualTo(1), $"race {race}");
        }
    }

    /// <summary>Lets many threads take one record at the same moment; returns how many got it.</summary>
    private async Task<int> RaceAsync(int number, ISessionStore[] stores)
    {
        await Store.PutAsync(Key(number), Record(number), LongLifetime);
        int winners = 0;
        await OnThreadsAsync(RacingThreads, async thread =>
        {
            byte[]? taken = await stores[thread % stores.Length].TakeAsync(Key(number));
            if (taken is not null)
            {
                Assert.That(taken, Is.EqualTo(Record(number)));
                Interlocked.Increment(ref winners);
            }
        });
        return winners;
    }
}
