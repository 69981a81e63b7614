using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A store against what it is built on, call by call, in turns.</summary>
/// <remarks>As in <see cref="Duel"/>, a block is A B B A, and the ratio is the median of the blocks' ratios.</remarks>
internal static class StoreDuel
{
    // In memory a block takes a fraction of a millisecond, and every sample is kept.
    private const int MaxBlocks = 500;

    internal static async Task<IReadOnlyList<StoreResult>> RunAsync(StoreContenders contenders, TimeSpan duration)
    {
        await BlocksAsync(contenders, duration / 10);
        (CallTurns ours, CallTurns raw, var ratios) = await BlocksAsync(contenders, duration);
        return
        [
            .. Enum.GetValues<StoreCall>().Select(call => new StoreResult(
                contenders.Name,
                contenders.Records.Record.Length,
                call.ToString().ToLowerInvariant(),
                Rounded(raw.Microseconds[call].Median()),
                Rounded(ours.Microseconds[call].Median()),
                Rounded(ratios[call].Median()),
                Rounded(ratios[call].MedianMargin()),
                StoreResult.LimitOf(contenders.Name, call),
                Rounded(raw.Microseconds[call].Percentile(0.99)),
                Rounded(ours.Microseconds[call].Percentile(0.99)),
                ours.Microseconds[call].Count)),
        ];
    }

    private static async Task<(CallTurns Ours, CallTurns Raw, IReadOnlyDictionary<StoreCall, List<double>> Ratios)> BlocksAsync(
        StoreContenders contenders, TimeSpan duration)
    {
        var ours = new CallTurns(contenders.Ours, contenders.Records);
        var raw = new CallTurns(contenders.Raw, contenders.Records);
        var ratios = Enum.GetValues<StoreCall>().ToDictionary(static call => call, static _ => new List<double>());
        long start = Stopwatch.GetTimestamp();
        for (int block = 0; block < MaxBlocks && (block == 0 || Stopwatch.GetElapsedTime(start) < duration); block++)
        {
            var firstRaw = await raw.TakeAsync();
            var firstOurs = await ours.TakeAsync();
            var secondOurs = await ours.TakeAsync();
            var secondRaw = await raw.TakeAsync();
            foreach ((StoreCall call, List<double> ofCall) in ratios)
            {
                ofCall.Add(firstOurs[call].Concat(secondOurs[call]).Median() / firstRaw[call].Concat(secondRaw[call]).Median());
            }
        }

        return (ours, raw, ratios);
    }

    private static double Rounded(double value) => Math.Round(value, 3);
}
