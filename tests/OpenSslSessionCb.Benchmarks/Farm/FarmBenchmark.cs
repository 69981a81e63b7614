
namespace OpenSslSessionCb.Benchmarks;

/// <summary>What new connections cost a farm of two Kestrel nodes behind strict round robin, without the library and with it.</summary>
internal static class FarmBenchmark
{
    internal static async Task<int> RunAsync(bool quick)
    {
        FarmRounds rounds = quick
            ? new FarmRounds(rounds: 2, TimeSpan.FromSeconds(0.5), maxWarmUp: TimeSpan.FromSeconds(4))
            : new FarmRounds(rounds: 7, TimeSpan.FromSeconds(2), maxWarmUp: TimeSpan.FromMinutes(1));
        var results = new List<FarmResult>();
        await using ServerProcess? redis = ServerProgram.Redis.Path is { } path ? await ServerProcess.StartAsync(path) : null;
        foreach (FarmCase which in FarmCase.All)
        {
            results.AddRange(await rounds.RunAsync(which, redis));
        }

        FarmReport.Show(results, BenchmarkOutput.Write("farm", results));
        if (redis is null)
        {
            Console.Error.WriteLine($"bench: {ServerProgram.Redis.Reason}");
            return 1;
        }

        return 0;
    }
}
