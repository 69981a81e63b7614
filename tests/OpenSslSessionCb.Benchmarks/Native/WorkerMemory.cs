namespace OpenSslSessionCb.Benchmarks;

/// <summary>
/// A worker's memory after much work, one server at a time: what it has in common with nobody else's worker counts in full.
/// </summary>
internal static class WorkerMemory
{
    private const double LimitKb = 40 * 1024;
    private const int FewSessions = 400;

    internal static async Task<IReadOnlyList<WorkerMemoryResult>> RunAsync(
        NativeFiles files, IReadOnlyList<NginxVariant> variants, int handshakes)
    {
        var results = new List<WorkerMemoryResult>();
        foreach ((string after, string tls, Action<LoadClient> work) in new (string, string, Action<LoadClient>)[]
        {
            ($"{handshakes} resumed, {FewSessions} sessions", "1.2", client =>
            {
                client.Full(FewSessions);
                client.Resumed(handshakes);
            }),
            ($"{handshakes} full, as many sessions", "1.3", client => client.Full(handshakes)),
        })
        {
            WorkerMemoryResult? own = null;
            foreach (NginxVariant variant in variants)
            {
                await using NginxServer server = await NginxServer.StartAsync(files, variant, "p256");
                using (var client = new LoadClient(files, server, tls, FewSessions))
                {
                    work(client);
                }

                // The last writes go to the store, and the writer falls asleep.
                await Task.Delay(500);
                WorkerMemoryResult result = Read(server.Worker, variant.Name, after, own);
                own ??= result;
                results.Add(result);
            }
        }

        return results;
    }

    private static WorkerMemoryResult Read(int worker, string sessions, string after, WorkerMemoryResult? own)
    {
        var total = ProcessMemory.Of(worker);
        MemoryParts parts = MemoryParts.Of(worker);
        return new WorkerMemoryResult(
            sessions,
            after,
            total.PssKb,
            total.PrivateKb,
            own is null ? 0 : total.PssKb - own.Pss,
            own is null ? 0 : total.PrivateKb - own.Private,
            own is null ? null : LimitKb,
            parts.Library,
            parts.Sqlite,
            parts.ManagedHeap,
            parts.Malloc,
            parts.OtherAnonymous,
            parts.OtherFiles);
    }
}
