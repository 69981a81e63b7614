using NUnit.Framework;
using OpenSslSessionCb.StoreWriter;

namespace OpenSslSessionCb.Tests.Stores;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class SqliteSessionStoreProcessTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new StoreFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    [CancelAfter(60_000)]
    public async Task Writer_KilledInTheMiddle_ConfirmedRecordsStay()
    {
        int first = 0;
        foreach (int confirmedBeforeKill in (int[])[1, 150, 700])
        {
            using StoreWriterProcess writer = await StoreWriterProcess.StartAsync("put", _folder.File(), first, 1_000_000);
            writer.Go();
            int confirmed = first - 1;
            while (confirmed < first + confirmedBeforeKill)
            {
                confirmed = await writer.ReadNumberAsync() ?? throw new InvalidOperationException("The writer ended by itself.");
            }

            writer.Kill();
            List<int> saidLast = await writer.ReadToEndAsync();
            confirmed = saidLast.Count > 0 ? saidLast[^1] : confirmed;

            // Opening checks the structure of the whole file.
            await using SqliteSessionStore store = SqliteSessionStore.Open(_folder.File());
            for (int number = 0; number <= confirmed; number++)
            {
                Assert.That(
                    await store.GetAsync(NumberedRecords.Key(number)), Is.EqualTo(NumberedRecords.Record(number)), $"record {number}");
            }

            await store.PutAsync(NumberedRecords.Key(0), NumberedRecords.Record(0), NumberedRecords.Lifetime);
            first = confirmed + 1;
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Open_ManyProcessesAtOnceOnNoFile_AllSucceed()
    {
        StoreWriterProcess[] processes = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            process => StoreWriterProcess.StartAsync("put", _folder.File(), process, 1)));
        try
        {
            foreach (StoreWriterProcess process in processes)
            {
                process.Go();
            }

            foreach (StoreWriterProcess process in processes)
            {
                Assert.That(await process.EndAsync(), Is.Zero);
            }
        }
        finally
        {
            Array.ForEach(processes, process => process.Dispose());
        }

        await using SqliteSessionStore store = SqliteSessionStore.Open(_folder.File());
        for (int number = 0; number < processes.Length; number++)
        {
            Assert.That(await store.GetAsync(NumberedRecords.Key(number)), Is.EqualTo(NumberedRecords.Record(number)));
        }
    }

    [Test]
    public async Task Open_ManyThreadsAtOnceOnNoFile_AllSucceed()
    {
        SqliteSessionStore[] stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => SqliteSessionStore.Open(_folder.File()))));
        await stores[0].PutAsync(NumberedRecords.Key(1), NumberedRecords.Record(1), NumberedRecords.Lifetime);
        foreach (SqliteSessionStore store in stores)
        {
            Assert.That(await store.GetAsync(NumberedRecords.Key(1)), Is.EqualTo(NumberedRecords.Record(1)));
            await store.DisposeAsync();
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Take_TwoProcessesAndThisOne_EachRecordOnce()
    {
        const int count = 400;
        await using SqliteSessionStore store = SqliteSessionStore.Open(
            _folder.File(), new SqliteSessionStoreOptions { BusyTimeout = TimeSpan.FromSeconds(20) });
        for (int number = 0; number < count; number++)
        {
            await store.PutAsync(NumberedRecords.Key(number), NumberedRecords.Record(number), NumberedRecords.Lifetime);
        }

        using StoreWriterProcess one = await StoreWriterProcess.StartAsync("take", _folder.File(), 0, count);
        using StoreWriterProcess two = await StoreWriterProcess.StartAsync("take", _folder.File(), 0, count);
        one.Go();
        two.Go();
        Task<List<int>> takenByOne = one.ReadToEndAsync();
        Task<List<int>> takenByTwo = two.ReadToEndAsync();
        var taken = new List<int>();
        for (int number = count - 1; number >= 0; number--)
        {
            if (await store.TakeAsync(NumberedRecords.Key(number)) is { } record)
            {
                Assert.That(record, Is.EqualTo(NumberedRecords.Record(number)));
                taken.Add(number);
            }
        }

        taken.AddRange(await takenByOne);
        taken.AddRange(await takenByTwo);
        Assert.That(taken, Is.EquivalentTo(Enumerable.Range(0, count)));
        Assert.That((await one.EndAsync(), await two.EndAsync()), Is.EqualTo((0, 0)));
    }
}
