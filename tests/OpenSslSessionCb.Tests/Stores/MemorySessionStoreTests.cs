using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests.Stores;

public sealed class MemorySessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override int? MaxRecords => 100;

    private MemorySessionStore Memory => (MemorySessionStore)Store;

    protected override ValueTask<ISessionStore> CreateStoreAsync() => new(Create(new MemorySessionStoreOptions { MaxRecords = 100 }));

    protected override Task LetPassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    [Test]
    public void Traits_Always_InProcessAndAtomicTake() =>
        Assert.That(Store.Traits, Is.EqualTo(SessionStoreTraits.InProcess | SessionStoreTraits.AtomicTake));

    [Test]
    public async Task Count_PutsTakesRemovesAndReplacements_AddsUp()
    {
        await Store.PutAsync(Key(1), Record(1, 10), LongLifetime);
        await Store.PutAsync(Key(2), Record(2, 20), LongLifetime);
        await Store.PutAsync(Key(2), Record(2, 30), LongLifetime);
        await Store.PutAsync(Key(3), Record(3, 40), LongLifetime);
        Assert.That((Memory.Count, Memory.Bytes), Is.EqualTo((3, 80)));

        await Store.TakeAsync(Key(1));
        await Store.RemoveAsync(Key(2));
        Assert.That((Memory.Count, Memory.Bytes), Is.EqualTo((1, 40)));
    }

    [Test]
    public async Task Put_MoreBytesThanTheBound_OldestGo()
    {
        await using MemorySessionStore store = Create(new MemorySessionStoreOptions { MaxBytes = 1_000 });
        for (int number = 0; number < 10; number++)
        {
            await store.PutAsync(Key(number), Record(number, 300), LongLifetime);
            Assert.That(store.Bytes, Is.LessThanOrEqualTo(1_000));
        }

        Assert.That(await store.GetAsync(Key(9)), Is.EqualTo(Record(9, 300)));
        Assert.That(await store.GetAsync(Key(6)), Is.Null);
    }

    [Test]
    public async Task Put_RecordLargerThanTheBound_NotKeptAndNothingElseLost()
    {
        await using MemorySessionStore store = Create(new MemorySessionStoreOptions { MaxBytes = 1_000 });
        await store.PutAsync(Key(1), Record(1, 100), LongLifetime);
        await store.PutAsync(Key(2), Record(2, 100), LongLifetime);
        await store.PutAsync(Key(2), Record(2, 1_001), LongLifetime);

        Assert.That(await store.GetAsync(Key(1)), Is.EqualTo(Record(1, 100)));
        Assert.That(await store.GetAsync(Key(2)), Is.Null);
    }

    [Test]
    public async Task Put_BoundReached_RecordsInUseStayLonger()
    {
        for (int number = 0; number < 1_000; number++)
        {
            await Store.PutAsync(Key(number), Record(number), LongLifetime);
            await Store.GetAsync(Key(0));
        }

        Assert.That(await Store.GetAsync(Key(0)), Is.EqualTo(Record(0)));
    }

    [Test]
    public async Task Sweep_NobodyAsks_ExpiredRecordsLeaveMemory()
    {
        await Store.PutAsync(Key(1), Record(1), TimeSpan.FromSeconds(10));
        await Store.PutAsync(Key(2), Record(2), LongLifetime);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(Memory.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_RecordsKept_WipesThem()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.DisposeAsync();

        Assert.That((Memory.Count, Memory.Bytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Record_Wiped_NoCopyAnyMore()
    {
        var record = new MemoryRecord(Key(1), Record(1), long.MaxValue);
        Assert.That(record.TryCopy(), Is.EqualTo(Record(1)));
        byte[] bytes = record.Detach();
        record.Wipe();

        Assert.That(bytes, Is.All.Zero);
        Assert.That(record.TryCopy(), Is.Null);
    }

    [Test]
    public async Task Get_WhileTakenAndOverwritten_NeverHalfARecord()
    {
        byte[] sound = Enumerable.Repeat((byte)0xA5, 16_384).ToArray();
        using var stop = new CancellationTokenSource();
        Task<int> reading = Task.Factory.StartNew(
            () =>
            {
                int damaged = 0;
                while (!stop.IsCancellationRequested)
                {
                    damaged += Store.GetAsync(Key(1)).AsTask().Result is { } record
                        && record.AsSpan().ContainsAnyExcept((byte)0xA5) ? 1 : 0;
                }

                return damaged;
            },
            TaskCreationOptions.LongRunning);

        for (int round = 0; round < 5_000; round++)
        {
            await Store.PutAsync(Key(1), sound, LongLifetime);
            Array.Clear((await Store.TakeAsync(Key(1)))!);
        }

        await stop.CancelAsync();
        Assert.That(await reading, Is.Zero);
    }

    [Test]
    public void Queue_RecordsTakenForEver_StaysShort()
    {
        // A record that nobody takes stands at the head of the queue all the while.
        var clock = new EvictionClock();
        clock.Add(new MemoryRecord(Key(0), Record(0), long.MaxValue));
        for (int number = 1; number < 100_000; number++)
        {
            var record = new MemoryRecord(Key(1), [1], long.MaxValue);
            clock.Add(record);
            clock.Forget();
            record.Wipe();
        }

        Assert.That(clock.Length, Is.LessThan(1_000));
    }

    [TestCase(0)]
    [TestCase(100_000_001)]
    public void Options_MaxRecordsOutOfRange_Throws(int value) =>
        Assert.That(
            () => new MemorySessionStore(new MemorySessionStoreOptions { MaxRecords = value }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Put_NoBytesOrNoLifetime_Throws()
    {
        Assert.That(async () => await Store.PutAsync(Key(1), default, LongLifetime), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await Store.PutAsync(Key(1), Record(1), TimeSpan.Zero), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public async Task Put_LongestLifetimeThereIs_Kept()
    {
        await Store.PutAsync(Key(1), Record(1), TimeSpan.MaxValue);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    private MemorySessionStore Create(MemorySessionStoreOptions options)
    {
        options.TimeProvider = _time;
        return new MemorySessionStore(options);
    }
}
