using System.Diagnostics;
using System.Globalization;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>load.c: clients of one nginx, on the other processor.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Process _process;

    /// <param name="files">Where the program is.</param>
    /// <param name="server">Whom it loads.</param>
    /// <param name="tls">1.2 or 1.3.</param>
    /// <param name="sessions">How many sessions it keeps to offer.</param>
    internal LoadClient(NativeFiles files, NginxServer server, string tls, int sessions)
    {
        string[] command = Machine.OnClients(files.Load, $"{server.Port}", tls, $"{sessions}", $"{server.Worker}");
        _process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Connections that offer no session; those that they bring are kept.</summary>
    internal LoadAnswer Full(int count) => Ask($"full {count}");

    /// <summary>Connections that offer one, a few at a time.</summary>
    internal LoadAnswer Resumed(int count) => Ask($"resumed {count}");

    /// <summary>The same, all at once: the worker has something to do until the end.</summary>
    internal LoadAnswer Burst(int count) => Ask($"burst {count}");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private LoadAnswer Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new BenchmarkException("the clients of nginx have ended; they have said why.");
        long[] numbers = [.. line.Split(' ').Select(static word => long.Parse(word, CultureInfo.InvariantCulture))];
        return new LoadAnswer(numbers[0], numbers[1], numbers[2], numbers[3] / 1e3, numbers[4] / 1e3);
    }
}
