using System.Diagnostics;
using OpenSslSessionCb.StoreWriter;

namespace OpenSslSessionCb.Tests.Stores;

/// <summary>A second process that works on the same file: see Program.cs of OpenSslSessionCb.StoreWriter.</summary>
internal sealed class StoreWriterProcess : IDisposable
{
    private readonly Process _process;

    private StoreWriterProcess(Process process) => _process = process;

    /// <summary>Starts it and waits until it is ready; it does nothing before <see cref="Go"/>.</summary>
    public static async Task<StoreWriterProcess> StartAsync(string verb, string path, int first, int count)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(NumberedRecords).Assembly.Location, verb, path, $"{first}", $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = new StoreWriterProcess(Process.Start(start)!);
        string? line = await process._process.StandardOutput.ReadLineAsync();
        return line == "ready" ? process : throw new InvalidOperationException($"The process said '{line}'.");
    }

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>The next number it says, or null when it has ended.</summary>
    public async Task<int?> ReadNumberAsync() =>
        int.TryParse(await _process.StandardOutput.ReadLineAsync(), out int number) ? number : null;

    /// <summary>The numbers it still says until it ends.</summary>
    public async Task<List<int>> ReadToEndAsync()
    {
        var numbers = new List<int>();
        while (await ReadNumberAsync() is { } number)
        {
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Waits for its end; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
