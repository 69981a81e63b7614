using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>
/// One contender's turns: each puts, gets and takes the same few records, one call after the other, and leaves the store as it was.
/// </summary>
internal sealed class CallTurns(IStoreCalls calls, NumberedRecords records)
{
    /// <summary>Enough for a median, short enough that both contenders meet the same machine.</summary>
    internal const int RecordsPerTurn = 100;

    /// <summary>The time of each call, in µs.</summary>
    internal IReadOnlyDictionary<StoreCall, List<double>> Microseconds { get; } = Enum.GetValues<StoreCall>()
        .ToDictionary(static call => call, static _ => new List<double>());

    /// <summary>Makes a turn; returns its times, in µs.</summary>
    internal async Task<IReadOnlyDictionary<StoreCall, double[]>> TakeAsync()
    {
        var turn = new Dictionary<StoreCall, double[]>
        {
            [StoreCall.Put] = await PutAsync(),
            [StoreCall.Get] = await GetAsync(),
            [StoreCall.Take] = await TakeRecordsAsync(),
        };
        foreach ((StoreCall call, double[] microseconds) in turn)
        {
            Microseconds[call].AddRange(microseconds);
        }

        return turn;
    }

    private async Task<double[]> PutAsync()
    {
        var microseconds = new double[RecordsPerTurn];
        for (int i = 0; i < RecordsPerTurn; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await calls.PutAsync(i).ConfigureAwait(false);
            microseconds[i] = Clock.MicrosecondsSince(start);
        }

        return microseconds;
    }

    private async Task<double[]> GetAsync()
    {
        var microseconds = new double[RecordsPerTurn];
        for (int i = 0; i < RecordsPerTurn; i++)
        {
            long start = Stopwatch.GetTimestamp();
            byte[]? record = await calls.GetAsync(i).ConfigureAwait(false);
            microseconds[i] = Clock.MicrosecondsSince(start);
            ThrowIfOther(record);
        }

        return microseconds;
    }

    private async Task<double[]> TakeRecordsAsync()
    {
        var microseconds = new double[RecordsPerTurn];
        for (int i = 0; i < RecordsPerTurn; i++)
        {
            long start = Stopwatch.GetTimestamp();
            byte[]? record = await calls.TakeAsync(i).ConfigureAwait(false);
            microseconds[i] = Clock.MicrosecondsSince(start);
            ThrowIfOther(record);
        }

        return microseconds;
    }

    private void ThrowIfOther(byte[]? record)
    {
        if (record?.Length != records.Record.Length)
        {
            throw new BenchmarkException(
                $"{calls.GetType().Name} answered {record?.Length ?? 0} bytes and not the {records.Record.Length} that were put.");
        }
    }
}
