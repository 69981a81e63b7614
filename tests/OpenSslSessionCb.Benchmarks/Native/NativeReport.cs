namespace OpenSslSessionCb.Benchmarks;

/// <summary>The tables that a person reads.</summary>
internal static class NativeReport
{
    private const double MinBusyPercent = 95;

    internal static void Show(NativeResult result, string path)
    {
        ShowHandshakes(result.Handshakes);
        ShowStartUp(result.StartUp);
        ShowFirstHandshakes(result.FirstHandshakes);
        ShowMemory(result.Memory);
        Console.WriteLine($"Written to {path}");
        bool[] limits =
        [
            .. result.Handshakes.Where(static row => row.RatioLimit is not null).Select(static row => row.IsWithinLimit),
            .. result.StartUp.Select(static row => row.IsWithinLimit),
            .. result.FirstHandshakes.Where(static row => row.ExtraLimitMs is not null).Select(static row => row.IsWithinLimit),
            .. result.Memory.Where(static row => row.ExtraLimit is not null).Select(static row => row.IsWithinLimit),
        ];
        Console.WriteLine($"native: {limits.Count(static within => within)} of {limits.Length} limits kept");
    }

    private static void ShowHandshakes(IReadOnlyList<HandshakeResult> rows)
    {
        var table = new ResultTable(words: 2, "TLS", "sessions kept by",
            "resumed/s", "of nginx's own", "at least", "worker CPU µs", "of nginx's own", "worker busy", "resumed", "failed");
        foreach (HandshakeResult row in rows)
        {
            bool isOwn = row.Sessions == NginxVariant.Own;
            table.Add(
                row.Tls,
                row.Sessions,
                $"{Number(row.PerSecond, "0")} ±{Number(row.PerSecondMargin, "0")}",
                isOwn ? "" : $"{Number(row.Ratio, "0.000")} ±{Number(row.RatioMargin, "0.000")}",
                row.RatioLimit is { } limit ? Number(limit, "0.00") : "",
                Number(row.WorkerCpuUs, "0.0"),
                isOwn ? "" : $"{Number(row.CpuRatio, "0.000")} ±{Number(row.CpuRatioMargin, "0.000")}",
                $"{Number(row.BusyPercent, "0")} %",
                $"{Number(row.ResumedPercent, "0.00")} %",
                $"{row.Failed}");
        }

        table.Show();
        Console.WriteLine($"{OpenSslLibrary.VersionText}; nginx with one worker on one processor, clients and Redis on another; "
            + "bursts of handshakes, so that the worker always has the next one waiting.");
        Console.WriteLine("nginx's own: ssl_session_cache shared, ssl_session_tickets off; it resumes TLS 1.3 by ids too. "
            + "of nginx's own: in the same round; more than 1 is faster. CPU: all of the worker's threads.");
        if (rows.Min(static row => row.BusyPercent) is var busy and < MinBusyPercent)
        {
            Console.WriteLine($"NOT TO BE QUOTED: others used the machine, and a worker got {Number(busy, "0")} % of its processor only.");
        }

        Console.WriteLine();
    }

    private static void ShowStartUp(IReadOnlyList<StartUpResult> rows)
    {
        var table = new ResultTable(words: 1,
            "program without TLS", "µs", "more µs", "under", "private KB", "more private KB", "more Pss KB", "more Rss KB", "under");
        foreach (StartUpResult row in rows)
        {
            table.Add(
                row.Program,
                Number(row.WithoutUs, "0"),
                $"{Number(row.ExtraUs, "0")} ±{Number(row.ExtraMarginUs, "0")}",
                Number(row.ExtraLimitUs, "0"),
                Number(row.WithoutPrivateKb, "0"),
                Number(row.ExtraPrivateKb, "0"),
                Number(row.ExtraPssKb, "0"),
                Number(row.ExtraRssKb, "0"),
                Number(row.ExtraLimitKb, "0"));
        }

        table.Show();
        Console.WriteLine("From start to end, and in RAM; more: with the library preloaded and a store named.");
        Console.WriteLine();
    }

    private static void ShowFirstHandshakes(IReadOnlyList<FirstHandshakeResult> rows)
    {
        var table = new ResultTable(words: 1, "sessions kept by", "first handshake ms", "more ms", "under", "second ms");
        foreach (FirstHandshakeResult row in rows)
        {
            table.Add(
                row.Sessions,
                Number(row.FirstMs, "0.0"),
                row.ExtraLimitMs is null ? "" : Number(row.ExtraMs, "0.0"),
                row.ExtraLimitMs is { } limit ? Number(limit, "0") : "",
                Number(row.SecondMs, "0.0"));
        }

        table.Show();
        Console.WriteLine("The first full handshakes of a new worker, TLS 1.3, RSA-2048.");
        Console.WriteLine();
    }

    private static void ShowMemory(IReadOnlyList<WorkerMemoryResult> rows)
    {
        var table = new ResultTable(words: 2, "sessions kept by", "after",
            "Pss MB", "more", "private MB", "more", "under", "library", "SQLite", ".NET heap", "malloc", "stacks etc.", "files, shared");
        foreach (WorkerMemoryResult row in rows)
        {
            bool isOwn = row.ExtraLimit is null;
            table.Add(
                row.Sessions,
                row.After,
                Megabytes(row.Pss),
                isOwn ? "" : Megabytes(row.ExtraPss),
                Megabytes(row.Private),
                isOwn ? "" : Megabytes(row.ExtraPrivate),
                row.ExtraLimit is { } limit ? Megabytes(limit) : "",
                Megabytes(row.Library),
                Megabytes(row.Sqlite),
                Megabytes(row.ManagedHeap),
                Megabytes(row.Malloc),
                Megabytes(row.OtherAnonymous),
                Megabytes(row.OtherFiles));
        }

        table.Show();
        Console.WriteLine("A worker's memory, and the parts of its Pss. "
            + "One server at a time: code that workers have in common is counted in full but for the master's share.");
        Console.WriteLine();
    }

    private static string Megabytes(double kilobytes) => Number(kilobytes / 1024, "0.0");

    private static string Number(double value, string format) => ResultTable.Number(value, format);
}
