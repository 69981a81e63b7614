using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>native/clients/load.c: threads that connect again and again.</summary>
internal static partial class LoadClient
{
    /// <summary>After so many connections it says that so many more have come and gone.</summary>
    internal const int Step = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private static readonly SemaphoreSlim s_compiling = new(1);

    /// <summary>Compiled once into the folder.</summary>
    internal static async Task<string> CompileAsync(TemporaryFolder folder)
    {
        await s_compiling.WaitAsync();
        try
        {
            if (!File.Exists(folder["load"]))
            {
                ProcessResult compiled = await ChildProcess.RunAsync("gcc", ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror",
                    "-pthread", Path.Combine(NativeLibraries.Sources, "clients", "load.c"), "-o", folder["load"], "-lssl", "-lcrypto"]);
                Assert.That(compiled.ExitCode, Is.Zero, compiled.Errors);
            }

            return folder["load"];
        }
        finally
        {
            s_compiling.Release();
        }
    }

    /// <summary>Connects so many times with four threads, and waits for the end.</summary>
    /// <param name="folder">Where it is compiled.</param>
    /// <param name="host">The server.</param>
    /// <param name="version">1.2 or 1.3.</param>
    /// <param name="connections">How many, of all threads.</param>
    /// <param name="options">The host name to ask for; the client certificate and its key.</param>
    internal static Task<LoadTally> RunAsync(
        TemporaryFolder folder, NativeHost host, string version, int connections, params string[] options) =>
        RunAsync(folder, host, version, connections, static () => { }, options);

    /// <inheritdoc cref="RunAsync(TemporaryFolder, NativeHost, string, int, string[])"/>
    /// <param name="step">Called each time that <see cref="Step"/> more have come and gone.</param>
    internal static async Task<LoadTally> RunAsync(
        TemporaryFolder folder, NativeHost host, string version, int connections, Action step, params string[] options)
    {
        using var process = ChildProcess.Start(await CompileAsync(folder), [$"{host.Port}", version, $"{connections}", "4", .. options]);
        try
        {
            Task<string> output = ReadAsync(process.StandardOutput, step);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(s_patience);
            Match match = Summary().Match(await output);
            Assert.That(match.Success, Is.True, await output + await errors);
            int Number(int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
            return new LoadTally(Number(1), Number(2), Number(3), Number(4), Number(5), await errors);
        }
        finally
        {
            ChildProcess.Kill(process);
        }
    }

    /// <summary>Returns its last line.</summary>
    private static async Task<string> ReadAsync(StreamReader output, Action step)
    {
        string last = "";
        while (await output.ReadLineAsync() is { } line)
        {
            last = line;
            if (line == "ten more")
            {
                step();
            }
        }

        return last;
    }

    [GeneratedRegex(@"^resumed (\d+), full (\d+), failed (\d+), dropped (\d+), refused (\d+)$")]
    private static partial Regex Summary();
}
