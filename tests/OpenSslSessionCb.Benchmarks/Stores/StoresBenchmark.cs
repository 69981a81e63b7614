namespace OpenSslSessionCb.Benchmarks;

/// <summary>What a store's calls cost over those of what it is built on.</summary>
internal static class StoresBenchmark
{
    // A session of TLS 1.3, sealed; and one with a client's certificate of RSA-2048 in it.
    private static readonly int[] s_recordLengths = [300, 2500];

    internal static async Task<int> RunAsync(bool quick)
    {
        TimeSpan duration = TimeSpan.FromSeconds(quick ? 1 : 8);
        var calls = new List<StoreResult>();
        var queuedPuts = new List<PutRateResult>();
        await using StoreServers servers = await StoreServers.StartAsync();
        foreach (int length in s_recordLengths)
        {
            using var folder = new TemporaryFolder();
            foreach (Func<NumberedRecords, Task<StoreContenders>> open in StoreOpeners.All(servers, folder))
            {
                await using StoreContenders contenders = await open(StoreContenders.MakeRecords(length));
                await contenders.FillAsync();
                calls.AddRange(await StoreDuel.RunAsync(contenders, duration));
                if (!contenders.Ours.Store.Traits.HasFlag(SessionStoreTraits.InProcess))
                {
                    queuedPuts.Add(await PutRates.RunAsync(contenders, duration / 2));
                }
            }
        }

        StoresReport.Show(calls, queuedPuts, BenchmarkOutput.Write("stores", new { calls, queued_puts = queuedPuts }));
        if (servers.Missing is { } missing)
        {
            Console.Error.WriteLine($"bench: {missing}");
            return 1;
        }

        return 0;
    }
}
