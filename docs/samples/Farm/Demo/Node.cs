using System.Net;

namespace FarmDemo;

/// <summary>FarmNode, which was built beside this program, on a free port.</summary>
internal sealed class Node : IAsyncDisposable
{
    private const string Listening = "Now listening on: https://";

    private readonly KeptProcess _process;

    private Node(KeptProcess process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    internal IPEndPoint EndPoint { get; }

    internal int Id => _process.Id;

    internal Task Ended => _process.Ended;

    internal static async Task<Node> StartAsync(FarmFolder folder, RedisServer? redis, CancellationToken stopping)
    {
        (KeptProcess process, string line) = await KeptProcess.StartAsync(
            Listening,
            stopping,
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "FarmNode.dll"),
            "--Kestrel:Endpoints:Web:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:Web:Certificate:Path={folder.CertificateFile}",
            $"--Kestrel:Endpoints:Web:Certificate:KeyPath={folder.KeyFile}",
            $"--OpenSslSessionCache:KeyFile={folder.SessionKeyFile}",
            "--OpenSslSessionCache:CreateKeyFile=true", // both nodes run on this machine
            redis is null ? $"--Sqlite={folder.Database}" : $"--Redis={redis.Address}");
        return new Node(process, IPEndPoint.Parse(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
