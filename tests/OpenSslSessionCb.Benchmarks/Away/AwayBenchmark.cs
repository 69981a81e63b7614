using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>
/// A Redis that is stopped in mid-sentence and goes on later: what its absence costs a handshake, when it
/// is noticed, and when it is over.
/// </summary>
internal static class AwayBenchmark
{
    private const int LookupsPerSecond = 200;
    private const int Sessions = 200;

    internal static async Task<int> RunAsync(bool quick)
    {
        string program = ServerProgram.Redis.Path ?? throw new BenchmarkException(ServerProgram.Redis.Reason);
        TimeSpan calm = TimeSpan.FromSeconds(quick ? 1 : 5);
        TimeSpan pause = TimeSpan.FromSeconds(quick ? 3 : 10);
        await using ServerProcess redis = await ServerProcess.StartAsync(program);
        using var ring = SessionKeyRing.Generate();

        // No near cache: every lookup is the store's.
        await using var cache = new SessionCache(
            RedisSessionStore.Connect(redis.Address), new SessionCacheOptions { KeyRing = ring, NearCacheCapacity = 0 });
        using var asker = new StoreAsker(cache, Sessions);
        while (cache.Statistics.Queued > 0)
        {
            await Task.Delay(10);
        }

        _ = Ask(asker, calm, static () => false);
        var phases = new List<AwayPhase> { AwayPhase.Of("the store answers", Ask(asker, calm, static () => false)) };

        redis.Pause();
        long paused = Stopwatch.GetTimestamp();
        phases.Add(AwayPhase.Of("it is silent, the breaker still closed", Ask(asker, pause, () => cache.Statistics.IsStoreAway)));
        double opened = Stopwatch.GetElapsedTime(paused).TotalSeconds;
        phases.Add(AwayPhase.Of(
            "it is silent, the breaker open", Ask(asker, pause - Stopwatch.GetElapsedTime(paused), static () => false)));

        redis.Resume();
        long resumed = Stopwatch.GetTimestamp();
        var returning = Ask(asker, TimeSpan.FromSeconds(30), static () => false, untilHit: true);
        double back = Stopwatch.GetElapsedTime(resumed).TotalSeconds;
        phases.Add(AwayPhase.Of("until it has answered again", returning));
        phases.Add(AwayPhase.Of("the store answers again", Ask(asker, calm, static () => false)));

        var table = new ResultTable(1, "while", "lookups", "hits", "median µs", "p99 µs");
        foreach (AwayPhase phase in phases)
        {
            table.Add(phase.Name, $"{phase.Lookups}", $"{phase.Hits}", ResultTable.Number(phase.MedianMicroseconds, "0.0"),
                ResultTable.Number(phase.P99Microseconds, "0"));
        }

        table.Show();
        Console.WriteLine($"{LookupsPerSecond} lookups a second. The breaker opened {ResultTable.Number(opened, "0.00")} s after the "
            + $"store fell silent; the first hit came {ResultTable.Number(back, "0.00")} s after it went on.");
        Console.WriteLine(BenchmarkOutput.Write(
            "away", new { lookups_per_second = LookupsPerSecond, phases, opened_after_seconds = opened, back_after_seconds = back }));
        return 0;
    }

    private static List<(double Microseconds, bool Hit)> Ask(StoreAsker asker, TimeSpan duration, Func<bool> enough, bool untilHit = false)
    {
        var lookups = new List<(double Microseconds, bool Hit)>();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration && !enough() && !(untilHit && lookups is [.., (_, true)]))
        {
            lookups.Add(asker.Ask());
            TimeSpan due = TimeSpan.FromSeconds((double)lookups.Count / LookupsPerSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                Thread.Sleep(due);
            }
        }

        return lookups;
    }
}
