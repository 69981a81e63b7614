using OpenSslSessionCb.Tool.Commands;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>sesscb serve, from the first line to the last.</summary>
internal static class ServeRun
{
    internal static async Task<int> RunAsync(ServeOptions options)
    {
        using var signals = new StopSignals(options.UntilStdinCloses);
        LiveSessions.Start();
        using SafeTlsContext context = ServerContext.Create(options);
        await using SessionStorage storage = await SessionStorage.OpenAsync(options);
        storage.Cache.Attach(context);

        var counters = new ServerCounters();
        using var server = new TlsServer(options.Listen, context, new Pages(storage.Cache, counters), counters);
        await Console.Out.WriteLineAsync(Announcement(server, storage, options));
        await server.RunAsync(signals.Token);
        return 0;
    }

    private static string Announcement(TlsServer server, SessionStorage storage, ServeOptions options)
    {
        string line = $"sesscb: listening on {server.LocalEndPoint}, pid {Environment.ProcessId}, OpenSSL {VersionNumber()}, store {options.Store}, farm {options.Farm}";
        return storage.KeyRingFile is { } file ? $"{line}, key {file}" : line;
    }

    /// <summary>"3.0.19" of "OpenSSL 3.0.19 27 Jan 2026".</summary>
    private static string VersionNumber() =>
        OpenSslLibrary.VersionText.Split(' ') is [_, { } number, ..] ? number : OpenSslLibrary.VersionText;
}
