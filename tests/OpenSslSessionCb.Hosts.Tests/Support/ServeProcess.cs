using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>A sesscb serve on a free port. Killed at the end of the test, if it has not stopped by then.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process _process;

    private ServeProcess(Process process, string announcement)
    {
        _process = process;
        Announcement = announcement;
        EndPoint = IPEndPoint.Parse(announcement.Split(' ')[3].TrimEnd(','));
    }

    internal string Announcement { get; }

    internal IPEndPoint EndPoint { get; }

    internal string Address => EndPoint.ToString();

    internal int Id => _process.Id;

    internal static Task<ServeProcess> StartAsync(params IEnumerable<string> arguments) => StartAsync(arguments, environment: null);

    /// <param name="arguments">Of serve.</param>
    /// <param name="environment">What its environment has on top of this process's.</param>
    internal static async Task<ServeProcess> StartAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        Process process = ChildProcess.Start(
            SesscbTool.Program, SesscbTool.Arguments(["serve", "--listen", "127.0.0.1:0", .. arguments]), environment);
        try
        {
            using var patience = new CancellationTokenSource(ChildProcess.Patience);
            string? line = await process.StandardOutput.ReadLineAsync(patience.Token);
            if (line is null)
            {
                Assert.Fail(await process.StandardError.ReadToEndAsync(patience.Token));
            }

            return new ServeProcess(process, line!);
        }
        catch
        {
            ChildProcess.Kill(process);
            process.Dispose();
            throw;
        }
    }

    internal void Send(Signal signal) => signal.Send(Id);

    internal void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for its end; returns how it ended, with what it said after its first line.</summary>
    internal async Task<ProcessResult> ExitAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new ProcessResult(_process.ExitCode, await _process.StandardOutput.ReadToEndAsync(patience.Token),
            await _process.StandardError.ReadToEndAsync(patience.Token));
    }

    /// <summary>A connection of its own, and so a session more.</summary>
    internal async Task<JsonElement> StatisticsAsync()
    {
        using TlsClient client = await TlsClient.ConnectAsync(EndPoint);
        return await client.StatisticsAsync();
    }

    internal async Task<long> StatisticAsync(string name) => (await StatisticsAsync()).GetProperty(name).GetInt64();

    /// <summary>Until everything that was announced so far is in the store.</summary>
    internal async Task WaitUntilWrittenAsync(X509Certificate2? certificate = null)
    {
        using TlsClient client = await TlsClient.ConnectAsync(EndPoint, certificate);
        int inARow = 0;
        await Eventually.IsTrueAsync(
            async () => (inARow = (await client.StatisticsAsync()).GetProperty("queued").GetInt64() == 0 ? inARow + 1 : 0) == 2,
            "the queue does not empty");
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }
}
