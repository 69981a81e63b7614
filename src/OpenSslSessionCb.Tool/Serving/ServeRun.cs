using OpenSslSessionCb.Tool.Commands;
using OpenSslSessionCb.Tool.Hosted;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>sesscb serve, from the first line to the last.</summary>
internal static class ServeRun
{
    internal static async Task<int> RunAsync(ServeOptions options)
    {
        using var signals = new StopSignals(options.UntilStdinCloses);
        LiveSessions.Start();
        await using SessionStorage storage = await SessionStorage.OpenAsync(options);
        using IServingStack stack = options.Stack == TlsStack.OpenSsl
            ? new OpenSslStack(options, storage.Cache)
            : new SslStreamStack(options, storage.Cache);

        var counters = new ServerCounters();
        using var server = new TlsServer(options.Listen, stack, new Pages(storage.Cache, counters), counters);
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
