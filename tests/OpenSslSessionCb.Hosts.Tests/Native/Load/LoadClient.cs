using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>native/clients/load.c: threads that connect again and again.</summary>
internal static partial class LoadClient
{
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
    internal static async Task<LoadTally> RunAsync(
        TemporaryFolder folder, NativeHost host, string version, int connections, params string[] options)
    {
        using var process = ChildProcess.Start(await CompileAsync(folder), [$"{host.Port}", version, $"{connections}", "4", .. options]);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
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

    [GeneratedRegex(@"^resumed (\d+), full (\d+), failed (\d+), dropped (\d+), refused (\d+)\n$")]
    private static partial Regex Summary();
}
