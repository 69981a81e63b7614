using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>The sample docs/samples/Kestrel as a process of its own, on a free port, in a folder that nodes share.</summary>
internal sealed class KestrelNode : IDisposable
{
    private const string Listening = "Now listening on: https://";

    private readonly Process _process;

    private KestrelNode(Process process) => _process = process;

    internal IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    internal int Id => _process.Id;

    /// <param name="folder">Has server.crt and server.key; and client-ca.crt, if clients must show a certificate.</param>
    /// <param name="arguments">The app's arguments.</param>
    internal static async Task<KestrelNode> StartAsync(TemporaryFolder folder, params IEnumerable<string> arguments)
    {
        string sample = typeof(KestrelNode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(static data => data.Key == "SamplePath").Value!;
        var environment = new Dictionary<string, string>();
        if (File.Exists(folder["client-ca.crt"]))
        {
            environment["SSL_CERT_FILE"] = folder["client-ca.crt"];
        }

        // exec: the process is the node itself, and gets the signals.
        var node = new KestrelNode(ChildProcess.Start(
            "sh",
            [
                "-c", "cd \"$0\" && exec dotnet \"$@\"", folder.Root, sample,
                "--Kestrel:Endpoints:Web:Url=https://127.0.0.1:0",
                "--Kestrel:Endpoints:Web:Certificate:Path=server.crt",
                "--Kestrel:Endpoints:Web:Certificate:KeyPath=server.key",

                // A cold process on a machine full of tests may need more than 20 ms for its first lookup.
                "--OpenSslSessionCache:LookupDeadline=00:00:01",
                .. arguments,
            ],
            environment));
        try
        {
            node.EndPoint = await node.ReadEndPointAsync();
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Until everything that was announced so far is in the store.</summary>
    internal async Task WaitUntilWrittenAsync(X509Certificate2? clientCertificate = null)
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        if (clientCertificate is not null)
        {
            handler.ClientCertificates.Add(clientCertificate);
        }

        using var client = new HttpClient(handler);
        int inARow = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                using JsonDocument statistics = JsonDocument.Parse(await client.GetStringAsync(new Uri($"https://{EndPoint}/sessions")));
                return (inARow = statistics.RootElement.GetProperty("queued").GetInt64() == 0 ? inARow + 1 : 0) == 2;
            },
            "the queue does not empty");
    }

    /// <summary>Asks it to stop, and waits until it has; returns its exit code.</summary>
    internal async Task<int> StopAsync()
    {
        Signal.Terminate.Send(Id);
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }

    private async Task<IPEndPoint> ReadEndPointAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                // What it says from now on is read, so that it never waits for us.
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return IPEndPoint.Parse(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]);
            }
        }

        throw new InvalidOperationException(string.Join('\n', said) + await _process.StandardError.ReadToEndAsync(patience.Token));
    }
}
