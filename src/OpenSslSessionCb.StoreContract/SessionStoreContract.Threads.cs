using System.Diagnostics.CodeAnalysis;
using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

// Every member may be called from any number of threads at once.
public abstract partial class SessionStoreContract
{
    private const int MixingThreads = 8;
    private const int StepsPerThread = 400;
    private const int MixedKeys = 16;

    [SuppressMessage("ApiDesign", "RS0030", Justification = "Not a secret: what must be the same in each run.")]
    [Test]
    public async Task Everything_ManyThreadsOnFewKeys_NeverAWrongRecord()
    {
        bool takes = Store.Traits.HasFlag(SessionStoreTraits.AtomicTake);
        await OnThreadsAsync(MixingThreads, async thread =>
        {
            var random = new Random(thread);
            for (int step = 0; step < StepsPerThread; step++)
            {
                int number = random.Next(MixedKeys);
                switch (random.Next(takes ? 5 : 4))
                {
                    case 0:
                        await Store.PutAsync(Key(number), RecordFor(number, version: random.Next()), LongLifetime);
                        break;
                    case 1:
                        await Store.RemoveAsync(Key(number));
                        break;
                    case 4:
                        AssertIsFor(number, await Store.TakeAsync(Key(number)));
                        break;
                    default:
                        AssertIsFor(number, await Store.GetAsync(Key(number)));
                        break;
                }
            }
        });
    }

    [Test]
    public async Task Put_ManyThreadsOnTheirOwnKeys_AllKept()
    {
        const int each = 10;
        Assume(MaxRecords is null or >= MixingThreads * each, "The bound is too low to keep them all.");
        await OnThreadsAsync(MixingThreads, async thread =>
        {
            for (int number = thread * each; number < (thread + 1) * each; number++)
            {
                await Store.PutAsync(Key(number), Record(number), LongLifetime);
            }
        });

        for (int number = 0; number < MixingThreads * each; number++)
        {
            Assert.That(await Store.GetAsync(Key(number)), Is.EqualTo(Record(number)), $"record {number}");
        }
    }

    /// <summary>A record of any length that shows whose it is and whether it is whole.</summary>
    private static byte[] RecordFor(int number, int version)
    {
        byte[] record = new byte[9 + (version & 0x7FF)];
        BitConverter.TryWriteBytes(record, number);
        BitConverter.TryWriteBytes(record.AsSpan(4), version);
        record.AsSpan(8).Fill((byte)version);
        return record;
    }

    private static void AssertIsFor(int number, byte[]? record)
    {
        if (record is not null)
        {
            Assert.That(record, Is.EqualTo(RecordFor(number, BitConverter.ToInt32(record, 4))));
        }
    }

    /// <summary>Runs the work on threads that start it together; throws what the first that failed threw.</summary>
    private static async Task OnThreadsAsync(int count, Func<int, Task> work)
    {
        using var together = new Barrier(count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait();
                await work(thread);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }
}
