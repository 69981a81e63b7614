using System.Diagnostics;

namespace OpenSslSessionCb.Testing;

/// <summary>Runs a program to its end, or kills it with all that it started when that does not come.</summary>
internal static class ChildProcess
{
    /// <summary>
    /// For whatever another process has to do: a thousand handshakes take 25 seconds on a busy machine, and there are slower ones.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    internal static async Task<ProcessResult> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", TimeSpan? keepInputOpen = null)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await FeedAsync(process, input, keepInputOpen ?? TimeSpan.Zero);
            await process.WaitForExitAsync(patience.Token);
            return new ProcessResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            // What an ended one has left running is found at the end of the test.
            if (!process.HasExited)
            {
                Kill(process);
            }
        }
    }

    internal static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (program == "openssl")
        {
            // It would read the machine's CAs each time, which takes as long as all else that it does.
            start.Environment["SSL_CERT_FILE"] = "/dev/null";
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return StartedProcesses.Start(start);
    }

    internal static void Kill(Process process) => StartedProcesses.Kill(process);

    /// <summary>The first file of this name on the path, or null.</summary>
    internal static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static async Task FeedAsync(Process process, string input, TimeSpan keepOpen)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            await process.StandardInput.FlushAsync();
            if (keepOpen > TimeSpan.Zero)
            {
                // Until the program has what it waits for and ends, or for so long.
                await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(keepOpen));
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: how it ended says why.
        }
    }
}
