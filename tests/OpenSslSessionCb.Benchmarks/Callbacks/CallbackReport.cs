namespace OpenSslSessionCb.Benchmarks;

/// <summary>The table that a person reads.</summary>
internal static class CallbackReport
{
    internal static void Show(IReadOnlyList<CallbackResult> results, string path)
    {
        var table = new ResultTable(words: 1, "case",
            "C µs", "managed µs", "ratio", "at most", "C, process µs", "managed, process µs", "bytes per hit", "bytes per connection");
        foreach (CallbackResult result in results)
        {
            table.Add(
                result.Case,
                ResultTable.Number(result.ReferenceUs, "0.0"),
                ResultTable.Number(result.ManagedUs, "0.0"),
                $"{ResultTable.Number(result.Ratio, "0.000")} ±{ResultTable.Number(result.RatioMargin, "0.000")}",
                result.RatioLimit is { } limit ? ResultTable.Number(limit, "0.00") : "",
                ResultTable.Number(result.ReferenceProcessUs, "0.0"),
                ResultTable.Number(result.ManagedProcessUs, "0.0"),
                ResultTable.Number(result.AllocatedBytesPerHit, "0.##"),
                ResultTable.Number(result.AllocatedBytesPerConnection, "0"));
        }

        table.Show();
        Console.WriteLine($"{OpenSslLibrary.VersionText}; P-256; the managed cache with its defaults over the store in memory.");
        Console.WriteLine("C, managed: the server's time for a connection (handshake, a byte each way, close), "
            + "on the thread that shakes hands: medians.");
        Console.WriteLine("ratio: managed over C, the median over blocks of turns, and half its 95 % confidence interval.");
        Console.WriteLine("process: CPU of the whole process for a connection: "
            + "server, client, and the managed cache's writer, which encodes and stores.");
        Console.WriteLine($"Written to {path}");
        Console.WriteLine(
            $"callbacks: {results.Count(static result => result.IsWithinLimits)} of {results.Count} cases within their limits");
    }
}
