using System.Diagnostics;

namespace OpenSslSessionCb.Testing;

/// <summary>Where a server's program is, or why there is none. Benchmarks use it too, so it knows no test framework.</summary>
/// <param name="Path">Null: it cannot be had.</param>
/// <param name="Reason">One sentence: why there is no path, and what to do.</param>
internal sealed record ServerProgram(string? Path, string Reason)
{
    private static readonly Lazy<ServerProgram> s_valkey = new(FindValkey);

    public static ServerProgram Redis { get; } =
        new(OnPath("redis-server"), "redis-server is not installed. Install it with: sudo apt-get install redis-server");

    public static ServerProgram Valkey => s_valkey.Value;

    private static ServerProgram FindValkey()
    {
        if (OnPath("valkey-server") is { } installed)
        {
            return new ServerProgram(installed, "");
        }

        // Debian has it where bookworm does not look by itself; the script unpacks it without installing it.
        var start = new ProcessStartInfo("/bin/bash", [Repository.PathOf("tests/OpenSslSessionCb.Testing/Servers/get-valkey.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        Task<string> error = script.StandardError.ReadToEndAsync();
        string path = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        string lastLine = error.Result.Trim().Split('\n')[^1];
        return script.ExitCode == 0
            ? new ServerProgram(path, "")
            : new ServerProgram(null, $"valkey-server is not installed and could not be had: {lastLine}");
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
