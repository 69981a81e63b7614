using System.Net;
using System.Net.Sockets;

namespace FarmDemo;

/// <summary>A redis-server of this farm's own, on loopback, with nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";

    private readonly KeptProcess _process;

    private RedisServer(KeptProcess process, int port)
    {
        _process = process;
        Address = $"127.0.0.1:{port}";
    }

    internal string Address { get; }

    internal Task Ended => _process.Ended;

    /// <summary>Null, with a word on where to get it, when there is no such program.</summary>
    internal static async Task<RedisServer?> TryStartAsync(FarmFolder folder, CancellationToken stopping)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static path => File.Exists(Path.Combine(path, Program))))
        {
            Console.WriteLine(
                "farm: redis-server is not installed (Debian: sudo apt-get install redis-server), so the nodes share an SQLite file");
            return null;
        }

        int port = FreePort();
        (KeptProcess process, _) = await KeptProcess.StartAsync(
            "Ready to accept connections", stopping, Program, "--port", $"{port}", "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--dir", folder.Root);
        return new RedisServer(process, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
