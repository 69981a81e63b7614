using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>sesscb demo: two servers, one store, and a client that goes from one to the other.</summary>
internal static class DemoRun
{
    private const int Interrupted = 130;

    internal static async Task<int> RunAsync(string? libssl)
    {
        using var signals = new StopSignals();
        try
        {
            return await ShowAsync(libssl, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static async Task<int> ShowAsync(string? libssl, CancellationToken cancellationToken)
    {
        using var folder = new DemoFolder();
        await using ServerProcess a = await ServerProcess.StartAsync("A", folder, libssl, cancellationToken);
        await using ServerProcess b = await ServerProcess.StartAsync("B", folder, libssl, cancellationToken);

        var visits = new List<DemoVisit>();
        foreach (TlsVersions version in (TlsVersions[])[TlsVersions.Tls12, TlsVersions.Tls13])
        {
            using SafeTlsContext context = ClientContext.Create(version, folder.CertificateFile);
            var client = new DemoClient(context);

            // Not shown: the first handshakes of a process load what the others find loaded.
            await CrossAsync(client, a, b, cancellationToken);
            await CrossAsync(client, b, a, cancellationToken);
            visits.AddRange(await CrossAsync(client, a, b, cancellationToken));
            visits.AddRange(await CrossAsync(client, b, a, cancellationToken));
        }

        Console.WriteLine(
            $"Two processes with {OpenSslLibrary.VersionText} share one SQLite store; a session made in one shall resume in the other.");
        DemoTable.Print(visits);
        int expected = visits.Count(static visit => visit.MadeBy is not null);
        int resumed = visits.Count(static visit => visit.ResumedAcrossProcesses);
        Console.WriteLine($"demo: {resumed} of {expected} resumed across processes");
        return resumed == expected ? 0 : ToolException.RunTime;
    }

    /// <summary>A full handshake with one server, then with the other one offering the session that the first one made.</summary>
    private static async Task<DemoVisit[]> CrossAsync(
        DemoClient client, ServerProcess from, ServerProcess to, CancellationToken cancellationToken)
    {
        (DemoVisit full, SafeTlsSession session) = await client.VisitAsync(from, offered: null, madeBy: null, cancellationToken);
        using (session)
        {
            (DemoVisit second, SafeTlsSession next) = await client.VisitAsync(to, session, from, cancellationToken);
            next.Dispose();
            return [full, second];
        }
    }
}
