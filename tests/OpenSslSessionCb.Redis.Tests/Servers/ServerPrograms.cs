using System.Diagnostics;

namespace OpenSslSessionCb.Tests;

/// <summary>Where the servers' programs are; a test that needs one that cannot be had is ignored, with the reason.</summary>
internal static class ServerPrograms
{
    private static readonly Lazy<(string? Path, string Reason)> s_valkey = new(FindValkey);

    public static string RedisOrIgnore() => OnPath("redis-server")
        ?? Ignored("redis-server is not installed. Install it with: sudo apt-get install redis-server");

    public static string ValkeyOrIgnore() => s_valkey.Value.Path ?? Ignored(s_valkey.Value.Reason);

    private static (string? Path, string Reason) FindValkey()
    {
        if (OnPath("valkey-server") is { } installed)
        {
            return (installed, "");
        }

        // Debian has it where bookworm does not look by itself; the script unpacks it without installing it.
        var start = new ProcessStartInfo("/bin/bash", [Repository.PathOf("tests/OpenSslSessionCb.Redis.Tests/Servers/get-valkey.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        Task<string> error = script.StandardError.ReadToEndAsync();
        string path = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        string lastLine = error.Result.Trim().Split('\n')[^1];
        return script.ExitCode == 0 ? (path, "") : (null, $"valkey-server is not installed and could not be had: {lastLine}");
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string Ignored(string reason)
    {
        // The console shows no reason of its own for a test that was left out.
        TestContext.Progress.WriteLine($"Left out: {TestContext.CurrentContext.Test.FullName}: {reason}");
        Assert.Ignore(reason);
        throw new InvalidOperationException(reason);
    }
}
