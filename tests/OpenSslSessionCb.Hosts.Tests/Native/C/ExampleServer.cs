using System.Diagnostics;
using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>native/examples/server.c, built somehow and at work. Killed at the end of the test, if it has not stopped by then.</summary>
internal sealed class ExampleServer : IDisposable
{
    private const string Announcement = "listening on 127.0.0.1:";

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly int _port;

    private ExampleServer(Process process, Task<string> errors, int port)
    {
        _process = process;
        _errors = errors;
        _port = port;
    }

    /// <param name="command">The program and its arguments.</param>
    internal static async Task<ExampleServer> StartAsync(params string[] command)
    {
        Process process = ChildProcess.Start(command[0], command[1..]);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(ChildProcess.Patience);
            string? line = await process.StandardOutput.ReadLineAsync(patience.Token);
            Assert.That(line, Does.StartWith(Announcement), line is null ? await errors : "the server has said something else");
            return new ExampleServer(process, errors, int.Parse(line![Announcement.Length..], CultureInfo.InvariantCulture));
        }
        catch
        {
            ChildProcess.Kill(process);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Connects with the program openssl; returns what the server answers, full or resumed.</summary>
    /// <param name="version">tls1_2 or tls1_3.</param>
    /// <param name="session">A file: its session is offered if it is there, and the newest is left in it.</param>
    internal async Task<string> ConnectAsync(string version, string session)
    {
        string[] offer = File.Exists(session) ? ["-sess_in", session] : [];
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{_port}", "-" + version, "-ign_eof", "-sess_out", session, .. offer]);
        return result.Output.Split('\n').SingleOrDefault(static line => line is "full" or "resumed") ?? result.All;
    }

    /// <summary>One full handshake and some that resume, on each version.</summary>
    internal async Task ServeAsync(TemporaryFolder folder, int resumed)
    {
        foreach (string version in new[] { "tls1_2", "tls1_3" })
        {
            string session = folder[version + ".pem"];
            Assert.That(await ConnectAsync(version, session), Is.EqualTo("full"), version);
            for (int i = 0; i < resumed; i++)
            {
                Assert.That(await ConnectAsync(version, session), Is.EqualTo("resumed"), version);
            }
        }
    }

    /// <summary>Stops it with SIGTERM; returns how it ended, with what it said since it listens.</summary>
    internal async Task<ProcessResult> StopAsync()
    {
        Signal.Terminate.Send(_process.Id);
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new ProcessResult(_process.ExitCode, await _process.StandardOutput.ReadToEndAsync(patience.Token), await _errors);
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }
}
