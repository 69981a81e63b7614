namespace FarmDemo;

/// <summary>Two nodes, the store that they share, and a balancer before them; all of it ends with this program, however it ends.</summary>
internal static class Farm
{
    internal static async Task RunAsync(FarmOptions options, CancellationTokenSource stopping)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new FarmException("SslStream and Kestrel use OpenSSL on Linux only: there is nothing to show here.");
        }

        // The port first: nothing else is worth starting without it.
        using var balancer = new Balancer(options.Port);
        using var folder = new FarmFolder();
        await using RedisServer? redis = options.Sqlite ? null : await RedisServer.TryStartAsync(folder, stopping.Token);
        await using Node a = await Node.StartAsync(folder, redis, stopping.Token);
        await using Node b = await Node.StartAsync(folder, redis, stopping.Token);
        Task balancing = balancer.RunAsync([a.EndPoint, b.EndPoint], stopping.Token);

        Console.WriteLine($"farm: two nodes, process {a.Id} and process {b.Id}, "
            + $"share their TLS sessions in {(redis is null ? "an SQLite file" : $"Redis at {redis.Address}")}");
        Console.WriteLine($"farm: https://localhost:{balancer.Port}/sessions shows which connections resume");
        Console.WriteLine("farm: the certificate is self-made, and the browser will say so; Ctrl+C ends it all");
        if (options.UntilStdinCloses)
        {
            new Thread(() => WaitForEndOfInput(stopping)) { IsBackground = true, Name = "standard input" }.Start();
        }

        Tell(redis?.Ended, "redis-server has ended: nothing is shared any more, and every connection is served with a full handshake");
        Tell(a.Ended, $"process {a.Id} has ended: the other node serves everybody");
        Tell(b.Ended, $"process {b.Id} has ended: the other node serves everybody");
        await balancing;

        void Tell(Task? ended, string sentence) => ended?.ContinueWith(
            _ => { if (!stopping.IsCancellationRequested) { Console.WriteLine($"farm: {sentence}"); } },
            TaskScheduler.Default);
    }

    private static void WaitForEndOfInput(CancellationTokenSource stopping)
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        stopping.Cancel();
    }
}
