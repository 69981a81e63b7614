namespace OpenSslSessionCb.Benchmarks;

/// <summary>The tables that a person reads.</summary>
internal static class StoresReport
{
    internal static void Show(IReadOnlyList<StoreResult> calls, IReadOnlyList<PutRateResult> queuedPuts, string path)
    {
        var table = new ResultTable(
            words: 3, "store", "bytes", "call", "raw µs", "store µs", "ratio", "at most", "raw p99 µs", "store p99 µs");
        foreach (StoreResult row in calls)
        {
            table.Add(
                row.Store,
                $"{row.RecordBytes}",
                row.Call,
                ResultTable.Number(row.RawUs, "0.00"),
                ResultTable.Number(row.StoreUs, "0.00"),
                $"{ResultTable.Number(row.Ratio, "0.00")} ±{ResultTable.Number(row.RatioMargin, "0.00")}",
                row.RatioLimit is { } limit ? ResultTable.Number(limit, "0.0") : "",
                ResultTable.Number(row.RawP99Us, "0.00"),
                ResultTable.Number(row.StoreP99Us, "0.00"));
        }

        table.Show();
        Console.WriteLine("raw: a ConcurrentDictionary that neither copies, expires nor bounds; "
            + "prepared commands of Microsoft.Data.Sqlite; StackExchange.Redis.");
        Console.WriteLine("One call after the other, medians; ratio: store over raw, the median over blocks of turns, "
            + "and half its 95 % confidence interval.");
        Console.WriteLine();

        var puts = new ResultTable(words: 1, "store", "bytes", "under way", "raw puts/s", "queue puts/s", "ratio");
        foreach (PutRateResult row in queuedPuts)
        {
            puts.Add(
                row.Store,
                $"{row.RecordBytes}",
                $"{row.UnderWay}",
                ResultTable.Number(row.RawPerSecond, "0"),
                ResultTable.Number(row.QueuePerSecond, "0"),
                $"{ResultTable.Number(row.Ratio, "0.00")} ±{ResultTable.Number(row.RatioMargin, "0.00")}");
        }

        puts.Show();
        Console.WriteLine("queue: through the cache's write queue, which has one writer; raw: "
            + "the client's calls, from as many tasks as may be under way.");
        Console.WriteLine($"Written to {path}");
        int limited = calls.Count(static row => row.RatioLimit is not null);
        Console.WriteLine(
            $"stores: {calls.Count(static row => row is { RatioLimit: not null, IsWithinLimit: true })} of {limited} limited ratios "
                + "within their limits");
    }
}
