using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>tests/OpenSslSessionCb.SlowStoreNode as a process of its own.</summary>
internal sealed class SlowStoreNode : IDisposable
{
    private readonly Process _process;

    private SlowStoreNode(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    internal IPEndPoint EndPoint { get; }

    internal int Threads => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(static line => line.StartsWith("Threads:", StringComparison.Ordinal))
        .Select(static line => int.Parse(line["Threads:".Length..], CultureInfo.InvariantCulture))
        .Single();

    internal static async Task<SlowStoreNode> StartAsync(
        TemporaryFolder folder, string kind, TimeSpan delay, string? openSslConfiguration = null)
    {
        string path = typeof(SlowStoreNode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(static data => data.Key == "SlowStoreNodePath").Value!;
        var environment = new Dictionary<string, string>();
        if (openSslConfiguration is not null)
        {
            environment["OPENSSL_CONF"] = folder.Write("openssl.cnf", openSslConfiguration);
        }

        Process process = ChildProcess.Start(
            "dotnet", [path, kind, delay.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), folder["sessions.key"]], environment);
        try
        {
            using var patience = new CancellationTokenSource(ChildProcess.Patience);
            string? port = await process.StandardOutput.ReadLineAsync(patience.Token);
            return port is not null
                ? new SlowStoreNode(process, new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)))
                : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(patience.Token));
        }
        catch
        {
            ChildProcess.Kill(process);
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }
}
