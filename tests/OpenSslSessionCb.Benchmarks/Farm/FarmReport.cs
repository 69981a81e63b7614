namespace OpenSslSessionCb.Benchmarks;

/// <summary>The table that a person reads.</summary>
internal static class FarmReport
{
    internal static void Show(IReadOnlyList<FarmResult> results, string path)
    {
        var table = new ResultTable(words: 3, "key", "TLS", "store", "resumed", "CPU ms", "of without", "Redis ms", "connections/s");
        foreach (FarmResult row in results)
        {
            table.Add(
                row.Key,
                row.Tls,
                row.Store,
                $"{ResultTable.Number(row.ResumedPercent, "0.0")} %",
                ResultTable.Number(row.NodeCpuMs, "0.00"),
                row.Store == FarmVariant.Without
                    ? ""
                    : $"{ResultTable.Number(row.CpuRatio, "0.00")} ±{ResultTable.Number(row.CpuRatioMargin, "0.00")}",
                row.Store == StoreNames.Redis ? ResultTable.Number(row.StoreCpuMs, "0.00") : "",
                ResultTable.Number(row.ConnectionsPerSecond, "0"));
        }

        table.Show();
        Console.WriteLine($"{OpenSslLibrary.VersionText}; two Kestrel nodes, {FarmClients.AtOnce} connections at once; "
            + "each client comes back to the other node.");
        Console.WriteLine("CPU: user and system time of both nodes for one connection with one request; of without: "
            + "the ratio to the nodes without the library, in the same round.");
        if (results.Max(static row => row.CompilerPercent) is var compiled and > 5)
        {
            Console.WriteLine($"NOT TO BE QUOTED: the nodes' code was still being compiled, "
                + $"which took up to {ResultTable.Number(compiled, "0")} % of a variant's CPU.");
        }

        Console.WriteLine("Medians over slices of time. connections/s: on this machine, which clients, nodes and store share.");
        Console.WriteLine($"Written to {path}");
    }
}
