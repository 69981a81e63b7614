using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>The C reference proves itself: what the managed library is compared with must be right.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class ReferenceCheckTests
{
    [Test]
    public void Make_Check_Passes()
    {
        CCompiler.Need();
        string output = Directory.CreateTempSubdirectory("sesscb-native-").FullName;
        var arguments = new List<string> { "--silent", "-C", Repository.PathOf("native/reference"), $"OUT={output}", "check" };
        foreach (string variable in (string[])["OPENSSL_INCLUDE", "OPENSSL_LIB"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                arguments.Add($"{variable}={value}");
            }
        }

        try
        {
            using Process make =
                Process.Start(new ProcessStartInfo("make", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = make.StandardError.ReadToEndAsync();
            string said = make.StandardOutput.ReadToEnd();
            make.WaitForExit();
            Assert.That(make.ExitCode, Is.Zero, said + errors.Result);
            Assert.That(said, Is.Not.Empty);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("There is no make on this machine.");
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
