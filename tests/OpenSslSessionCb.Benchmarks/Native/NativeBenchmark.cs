
namespace OpenSslSessionCb.Benchmarks;

/// <summary>
/// What the preloaded library costs an unmodified nginx with one worker, against nginx's own session cache; and what it costs a
/// process that never speaks TLS.
/// </summary>
internal static class NativeBenchmark
{
    internal static async Task<int> RunAsync(bool quick)
    {
        Machine.RequireTwoProcessors();
        using var files = new NativeFiles();
        await using ServerProcess? redis = ServerProgram.Redis.Path is { } path ? await ServerProcess.StartAsync(path) : null;
        if (redis is not null)
        {
            Machine.PutWithClients(redis.Id);
        }

        IReadOnlyList<NginxVariant> variants = NginxVariant.All(files, redis?.Address);
        var result = new NativeResult(
            await HandshakeRounds.RunAsync(files, variants, quick),
            StartUp.Run(files, quick ? 50 : 1000),
            await FirstHandshakes.RunAsync(files, variants, quick ? 3 : 15),
            await WorkerMemory.RunAsync(files, variants, quick ? 1_000 : 10_000));
        NativeReport.Show(result, BenchmarkOutput.Write("native", result));
        if (redis is null)
        {
            Console.Error.WriteLine($"bench: {ServerProgram.Redis.Reason}");
            return 1;
        }

        return 0;
    }
}
