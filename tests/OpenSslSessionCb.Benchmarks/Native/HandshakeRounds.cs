namespace OpenSslSessionCb.Benchmarks;

/// <summary>Bursts of resumed handshakes, variant after variant: all the servers run, and one of them has work.</summary>
internal static class HandshakeRounds
{
    // About 50 ms of a worker's time: what else the machine does moves some rounds, and not one variant against the other.
    private const int Burst = 400;
    private const int WarmUpRounds = 3;

    internal static async Task<IReadOnlyList<HandshakeResult>> RunAsync(NativeFiles files, IReadOnlyList<NginxVariant> variants, bool quick)
    {
        var servers = new List<NginxServer>();
        try
        {
            foreach (NginxVariant variant in variants)
            {
                servers.Add(await NginxServer.StartAsync(files, variant));
            }

            return
            [
                .. Run(files, variants, servers, "1.2", quick ? 9 : 201),
                .. Run(files, variants, servers, "1.3", quick ? 5 : 101),
            ];
        }
        finally
        {
            foreach (NginxServer server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static List<HandshakeResult> Run(
        NativeFiles files, IReadOnlyList<NginxVariant> variants, List<NginxServer> servers, string tls, int rounds)
    {
        var clients = servers.ConvertAll(server => new LoadClient(files, server, tls, Burst));
        try
        {
            // Each client brings a session home.
            clients.ForEach(static client => client.Full(Burst));
            List<LoadAnswer>[] bursts = [.. clients.Select(static _ => new List<LoadAnswer>())];
            for (int round = -WarmUpRounds; round < rounds; round++)
            {
                // There and back, so that a machine that grows slower meanwhile does so for all.
                foreach (int index in round % 2 == 0 ? Enumerable.Range(0, clients.Count) : Enumerable.Range(0, clients.Count).Reverse())
                {
                    LoadAnswer burst = clients[index].Burst(Burst);
                    if (round >= 0)
                    {
                        bursts[index].Add(burst);
                    }
                }
            }

            return [.. variants.Select((variant, index) => HandshakeResult.Of(tls, variant.Name, bursts[index], bursts[0]))];
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }
}
