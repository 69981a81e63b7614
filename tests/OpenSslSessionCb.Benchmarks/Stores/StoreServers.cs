using Garnet;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A Redis, and a Valkey or else a Garnet, of the benchmark's own.</summary>
internal sealed class StoreServers : IAsyncDisposable
{
    private readonly List<ServerProcess> _processes = [];
    private GarnetServer? _garnet;

    /// <summary>By the name of the store.</summary>
    internal SortedDictionary<string, string> Addresses { get; } = new(StringComparer.Ordinal);

    /// <summary>One sentence about what could not be started; null: everything was.</summary>
    internal string? Missing { get; private set; }

    internal static async Task<StoreServers> StartAsync()
    {
        var servers = new StoreServers();
        try
        {
            if (!await servers.TryStartAsync(StoreNames.Redis, ServerProgram.Redis))
            {
                servers.Missing = ServerProgram.Redis.Reason;
            }

            if (!await servers.TryStartAsync(StoreNames.Valkey, ServerProgram.Valkey))
            {
                servers.StartGarnet();
            }

            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _garnet?.Dispose();
        foreach (ServerProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<bool> TryStartAsync(string name, ServerProgram program)
    {
        if (program.Path is not { } path)
        {
            return false;
        }

        ServerProcess process = await ServerProcess.StartAsync(path);
        _processes.Add(process);
        Addresses.Add(name, process.Address);
        return true;
    }

    /// <summary>In this process: it comes as a package, and can be had where Valkey cannot.</summary>
    private void StartGarnet()
    {
        int port = FreePort.Next();
        _garnet = new GarnetServer(["--port", $"{port}", "--bind", "127.0.0.1", "--memory", "64m", "--page", "4m", "--index", "8m", "-q"]);
        _garnet.Start();
        Addresses.Add(StoreNames.Garnet, $"127.0.0.1:{port}");
    }
}
