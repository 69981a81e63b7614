using System.Diagnostics;

namespace OpenSslSessionCb.Mutants;

/// <summary>Other programs.</summary>
internal static class Command
{
    /// <summary>What it says on stdout; if it fails, the list cannot be tried.</summary>
    internal static string Must(string program, string folder, params string[] arguments)
    {
        (int? code, string output, string errors) = Run(program, folder, TimeSpan.FromHours(1), arguments);
        return code == 0 ? output : throw new ListException($"'{program} {string.Join(' ', arguments)}' failed. {output}{errors}");
    }

    /// <summary>The exit code is null if it came to no end within the time; then it is ended, with all that it started.</summary>
    internal static (int? Code, string Output, string Errors) Run(string program, string folder, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (null, "", "");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
