using System.Net;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Hosted;
using OpenSslSessionCb.Tool.Serving;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb serve, from the first line to the last.</summary>
internal static class ServeRun
{
    internal static async Task<int> RunAsync(ServeOptions options)
    {
        using var signals = new StopSignals(options.UntilStdinCloses);
        LiveSessions.Start();
        await (options.Stack == TlsStack.Kestrel ? RunKestrelAsync(options, signals.Token) : RunTlsServerAsync(options, signals.Token));
        return 0;
    }

    private static async Task RunKestrelAsync(ServeOptions options, CancellationToken stopping)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(options);
        await AnnounceAsync(server.LocalEndPoint, options);
        await server.RunAsync(stopping);
    }

    private static async Task RunTlsServerAsync(ServeOptions options, CancellationToken stopping)
    {
        await using SessionStorage? storage = options.NoCache ? null : await SessionStorage.OpenAsync(options);
        using IServingStack stack = options.Stack == TlsStack.OpenSsl
            ? new OpenSslStack(options, storage?.Cache)
            : new SslStreamStack(options, storage?.Cache);

        var counters = new ServerCounters();
        using var server = new TlsServer(options.Listen, stack, new Pages(storage?.Cache, counters), counters);
        await AnnounceAsync(server.LocalEndPoint, options);
        await server.RunAsync(stopping);
    }

    private static Task AnnounceAsync(IPEndPoint listening, ServeOptions options)
    {
        string line = $"sesscb: listening on {listening}, pid {Environment.ProcessId}, OpenSSL {VersionNumber()}";
        line += options.NoCache ? ", no cache" : $", store {options.Store}, farm {options.Farm}";
        return Console.Out.WriteLineAsync(
            !options.NoCache && options.UsedKeyRingFile is { } file ? $"{line}, key {file}" : line);
    }

    /// <summary>"3.0.19" of "OpenSSL 3.0.19 27 Jan 2026".</summary>
    private static string VersionNumber() =>
        OpenSslLibrary.VersionText.Split(' ') is [_, { } number, ..] ? number : OpenSslLibrary.VersionText;
}
