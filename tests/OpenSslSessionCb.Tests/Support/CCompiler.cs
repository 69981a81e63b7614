using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>gcc, where there is one: a test that needs it is ignored where there is none.</summary>
internal static class CCompiler
{
    public static void Need()
    {
        try
        {
            Run("--version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no C compiler (gcc) on this machine.");
        }
    }

    /// <summary>Runs it; what it says on stdout, and on stderr, and its exit code.</summary>
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Builds a shared library from C text.</summary>
    public static void BuildLibrary(string file, string source, params string[] options)
    {
        string text = file + ".c";
        File.WriteAllText(text, source);
        (int exitCode, _, string errors) = Run(["-shared", "-fPIC", "-o", file, text, .. options]);
        Assert.That(exitCode, Is.Zero, errors);
    }
}
