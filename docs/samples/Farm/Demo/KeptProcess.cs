using System.Diagnostics;
using System.Globalization;

namespace FarmDemo;

/// <summary>A program that ends when this object is disposed of, and also when this process is killed.</summary>
internal sealed class KeptProcess : IAsyncDisposable
{
    // The shell's input closes however this process ends. Ctrl+C at the terminal is for this process, which then ends the others in order.
    // The program's own process says its id, so that the id comes before whatever the program says.
    private const string Script = """
        trap '' INT
        /bin/sh -c 'echo $$; exec "$@"' sh "$@" < /dev/null 2>&1 &
        exec > /dev/null
        read -r end
        kill $! 2> /dev/null
        wait
        """;

    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(10);

    private readonly string _program;
    private readonly Process _shell;

    private KeptProcess(string program, Process shell, int id)
    {
        _program = program;
        _shell = shell;
        Id = id;
    }

    internal int Id { get; }

    /// <summary>Done when the program has ended.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    /// <param name="ready">What a line of its output has in it when it is ready.</param>
    /// <param name="stopping">Gives up.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>The program, and that line.</returns>
    internal static async Task<(KeptProcess Process, string Line)> StartAsync(
        string ready, CancellationToken stopping, params string[] command)
    {
        Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        int id = int.Parse((await shell.StandardOutput.ReadLineAsync(CancellationToken.None))!, CultureInfo.InvariantCulture);
        var process = new KeptProcess(Path.GetFileName(command[0]), shell, id);
        try
        {
            return (process, await process.ReadUntilAsync(ready, stopping));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        try
        {
            await _shell.WaitForExitAsync().WaitAsync(s_stopTime);
        }
        catch (TimeoutException)
        {
            _shell.Kill(entireProcessTree: true);
        }

        _shell.Dispose();
    }

    private async Task<string> ReadUntilAsync(string ready, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(s_startTime);
        var said = new List<string>();
        try
        {
            while (await _shell.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.Contains(ready, StringComparison.Ordinal))
                {
                    // What it says from now on is read, so that it never waits for us. The end of it is its own end.
                    Ended = _shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return line;
                }

                said.Add(line.Trim());
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new FarmException($"{_program} was not ready within {s_startTime.TotalSeconds:0} seconds.");
        }

        string last = said.Find(static line => line.StartsWith("Unhandled exception", StringComparison.Ordinal))
            ?? said.LastOrDefault(static line => line.Length > 0) ?? "it said nothing";
        throw new FarmException($"{_program} did not start: {last}");
    }
}
