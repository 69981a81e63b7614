using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What one ClientHello costs before anybody has proved anything: forged ids, and a client that is judged again.</summary>
internal static class HelloBenchmark
{
    private const int Ids = 5;
    private const int Sites = 1000;

    internal static Task<int> RunAsync(bool quick)
    {
        Osr.osr_use_clock(Osr.ClockMonotonic);
        int rounds = quick ? 200 : 5000;
        using var few = new ForgedHello(sites: 1, Ids);
        using var many = new ForgedHello(Sites, Ids);
        List<double> alone = [], among = [], ratios = [];
        for (int round = 0; round < rounds; round++)
        {
            double first = few.Take();
            double second = (many.Take() + many.Take()) / 2;
            first = (first + few.Take()) / 2;
            alone.Add(first);
            among.Add(second);
            ratios.Add(second / first);
        }

        var hellos = new ResultTable(words: 1, "a hello with 5 forged ids", "µs", "ratio");
        hellos.Add("1 site", ResultTable.Number(alone.Median(), "0.0"), "");
        hellos.Add($"{Sites} sites seen", ResultTable.Number(among.Median(), "0.0"), ResultTable.Number(ratios.Median(), "0.00"));
        hellos.Show();

        var judged = new ResultTable(words: 1, "resumed, client certificate", "remembered µs", "judged each time µs", "ratio");
        foreach (CallbackCase which in CallbackCase.All.Where(static which => which is { Resumed: true, Mutual: true }))
        {
            using var remembered = new ManagedContender(which);
            using var each = new ManagedContender(which, new SessionCacheOptions { ReverifyInterval = TimeSpan.Zero });
            JudgedAgain result = JudgedAgain.Measure(remembered, each, quick ? 4 : 60);
            judged.Add(which.Name, ResultTable.Number(result.RememberedUs, "0.0"), ResultTable.Number(result.EachUs, "0.0"),
                $"{ResultTable.Number(result.Ratio, "0.000")} ±{ResultTable.Number(result.Margin, "0.000")}");
        }

        judged.Show();
        Console.WriteLine($"{OpenSslLibrary.VersionText}; P-256, a client certificate that is its own CA.");
        return Task.FromResult(0);
    }
}
