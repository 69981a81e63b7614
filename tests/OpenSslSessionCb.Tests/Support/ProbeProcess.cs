using System.Diagnostics;
using OpenSslSessionCb.Probe;

namespace OpenSslSessionCb.Tests;

/// <summary>A process of its own: see Program.cs of OpenSslSessionCb.Probe.</summary>
internal sealed record ProbeProcess(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it to its end, which must come within the time.</summary>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="within">Eventually.Patience, if not given.</param>
    /// <param name="arguments">The scenario and what it needs.</param>
    public static async Task<ProbeProcess> RunAsync(Dictionary<string, string?>? environment, TimeSpan? within, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Churn).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment ?? [])
        {
            start.Environment[name] = value;
            if (value is null)
            {
                start.Environment.Remove(name);
            }
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(within ?? Eventually.Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"The process did not end: {string.Join(' ', arguments)}");
        }

        return new ProbeProcess(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }
}
