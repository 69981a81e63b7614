using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>How many puts a second go through the cache's write queue, and how many the raw client makes with as many under way.</summary>
internal static class PutRates
{
    // The queue's writer looks for the first of them within a millisecond: all take about a hundred times as long.
    private const int PutsPerTurn = 10_000;

    internal static async Task<PutRateResult> RunAsync(StoreContenders contenders, TimeSpan duration)
    {
        int underWay = contenders.Ours.Store.Traits.HasFlag(SessionStoreTraits.Pipelined) ? SessionCache.MaxPipelinedWrites : 1;
        await QueueAsync(contenders, underWay);
        await RawAsync(contenders, underWay);
        var ours = new List<double>();
        var raw = new List<double>();
        var ratios = new List<double>();
        for (long start = Stopwatch.GetTimestamp(); ratios.Count == 0 || Stopwatch.GetElapsedTime(start) < duration;)
        {
            double[] ofRaw = [await RawAsync(contenders, underWay)];
            double[] ofOurs = [await QueueAsync(contenders, underWay), await QueueAsync(contenders, underWay)];
            ofRaw = [.. ofRaw, await RawAsync(contenders, underWay)];
            raw.AddRange(ofRaw);
            ours.AddRange(ofOurs);
            ratios.Add(ofOurs.Median() / ofRaw.Median());
        }

        return new PutRateResult(
            contenders.Name,
            contenders.Records.Record.Length,
            underWay,
            Math.Round(raw.Median()),
            Math.Round(ours.Median()),
            Math.Round(ratios.Median(), 3),
            Math.Round(ratios.MedianMargin(), 3));
    }

    /// <summary>Puts a second.</summary>
    private static async Task<double> QueueAsync(StoreContenders contenders, int underWay)
    {
        NumberedRecords records = contenders.Records;
        using var queue = new WriteQueue(
            PutsPerTurn,
            (operation, cancellationToken) => contenders.Ours.Store.PutAsync(
                NumberedRecords.KeyOf(operation.Id), records.Record, NumberedRecords.Lifetime, cancellationToken),
            underWay);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < PutsPerTurn; i++)
        {
            queue.TryAdd(new WriteOperation(records.Ids[i], [], null, default));
        }

        if (await queue.CloseAsync(TimeSpan.FromMinutes(1)) is var givenUp and > 0)
        {
            throw new BenchmarkException($"{contenders.Name} did not take {givenUp} of {PutsPerTurn} puts within a minute.");
        }

        return PutsPerTurn / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Puts a second.</summary>
    private static async Task<double> RawAsync(StoreContenders contenders, int underWay)
    {
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, underWay).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < PutsPerTurn; i = Interlocked.Increment(ref next))
            {
                await contenders.Raw.PutAsync(i).ConfigureAwait(false);
            }
        })));
        return PutsPerTurn / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
