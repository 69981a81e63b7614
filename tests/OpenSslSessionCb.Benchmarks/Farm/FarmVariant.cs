namespace OpenSslSessionCb.Benchmarks;

/// <summary>Two nodes, with or without the library, and the clients that come back to them.</summary>
internal sealed class FarmVariant : IAsyncDisposable
{
    internal const string Without = "without";

    private readonly FarmNode[] _nodes;

    private FarmVariant(string name, FarmNode[] nodes, FarmClients clients)
    {
        Name = name;
        _nodes = nodes;
        Clients = clients;
    }

    internal string Name { get; }

    internal FarmClients Clients { get; }

    /// <summary>Of both nodes.</summary>
    internal TimeSpan Cpu => _nodes[0].Cpu + _nodes[1].Cpu;

    internal TimeSpan CompilerCpu => _nodes[0].CompilerCpu + _nodes[1].CompilerCpu;

    /// <param name="name">In the table.</param>
    /// <param name="store">As --store has it; null: without the library.</param>
    /// <param name="files">The certificate, and where the sessions are.</param>
    /// <param name="which">The version, and whether clients show certificates.</param>
    internal static async Task<FarmVariant> StartAsync(string name, string? store, FarmFiles files, FarmCase which)
    {
        string[] arguments =
        [
            "--cert", files.Certificate, "--key", files.Key, "--tls", which.TlsName,
            .. which.Mutual ? (string[])["--client-ca", files.ClientAuthority] : [],
            .. store is null ? ["--no-cache"] : (string[])["--store", store, "--key-file", files.KeyRing, "--farm", "bench"],
        ];

        // One after the other: the first makes the key ring and the database.
        FarmNode first = await FarmNode.StartAsync(arguments);
        try
        {
            FarmNode second = await FarmNode.StartAsync(arguments);
            return new FarmVariant(
                name, [first, second], new FarmClients([first.EndPoint, second.EndPoint], ClientContext.Create(which, files)));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        foreach (FarmNode node in _nodes)
        {
            await node.DisposeAsync();
        }
    }
}
