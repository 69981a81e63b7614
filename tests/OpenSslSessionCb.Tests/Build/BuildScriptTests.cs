using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>build.sh and build.ps1 have the same verbs and run the same commands, as programs that only note their arguments see them.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class BuildScriptTests
{
    private static readonly string[] s_verbs = ["demo", "test", "bench", "tool", "native", "pack", "matrix", "generate"];

    // What dotnet test leaves, as far as the scripts read it.
    private const string Trx = """
        <TestRun><Results>
        <UnitTestResult outcome="Passed"></UnitTestResult>
        <UnitTestResult outcome="NotExecuted"><Output><ErrorInfo>
        <Message>no disk of our own</Message>
        </ErrorInfo></Output></UnitTestResult>
        </Results><ResultSummary>
        <Counters total="4" executed="3" passed="2" failed="1" />
        </ResultSummary></TestRun>
        """;

    private string _folder = "";

    private string Log => Path.Combine(_folder, "calls");

    /// <summary>A copy: the scripts work in the folder that they lie in, and the real one is at work on this very run.</summary>
    private string Checkout => Path.Combine(_folder, "checkout");

    [SetUp]
    public void MakeStandIns()
    {
        _folder = Directory.CreateTempSubdirectory("sesscb-build-").FullName;
        Directory.CreateDirectory(Checkout);
        foreach (string file in (string[])["build.sh", "build.ps1", "global.json"])
        {
            File.Copy(Repository.PathOf(file), Path.Combine(Checkout, file));
        }

        foreach (string program in (string[])["dotnet", "bash", "apt-get", "curl"])
        {
            StandIn(program, $"echo {program} \"$@\" >> '{Log}'");
        }

        // Every package is there.
        StandIn("dpkg-query", "echo 'install ok installed'");
    }

    [TearDown]
    public void RemoveStandIns() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(s_verbs))]
    [TestCase("demo farm")]
    public void Scripts_SameVerb_RunTheSameCommands(string verb)
    {
        string[] bash = Run(() => RunBash(verb));
        string[] powerShell = Run(() => RunPowerShell(verb));

        Assert.That(bash.Where(static call => call != "dotnet --version"), Is.Not.Empty, "what build.sh runs");
        Assert.That(powerShell, Is.EqualTo(bash));
    }

    [Test]
    public void Scripts_TestsPassedFailedAndSkipped_CountThemAlikeAndSayWhySomeWereSkipped()
    {
        StandIn("dotnet", $"[ \"$1\" = test ] || exit 0; mkdir -p '{Checkout}/artifacts/test-results'; printf '%s' '{Trx}' > '{Checkout}/artifacts/test-results/a.trx'");

        Assert.That(RunBash("test").Output, Is.EqualTo("1 skipped: no disk of our own\n2 passed, 1 failed, 1 skipped\n"));
        Assert.That(RunPowerShell("test"), Is.EqualTo("1 skipped: no disk of our own\n2 passed, 1 failed, 1 skipped\n"));
    }

    [Test]
    public void Scripts_UnknownVerb_OneSentenceAndExitCode2()
    {
        (int code, _, string error) = RunBash("destroy");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo("build: there is no verb 'destroy'. ./build.sh help lists them.\n"));
    }

    [Test]
    public void Scripts_Help_ListsTheSameVerbs()
    {
        string[] inBash = VerbsOf(File.ReadAllText(Repository.PathOf("build.sh")));
        string[] inPowerShell = VerbsOf(File.ReadAllText(Repository.PathOf("build.ps1")));
        Assert.That(inBash, Is.EquivalentTo(s_verbs));
        Assert.That(inPowerShell, Is.EqualTo(inBash));
    }

    [Test]
    public void PowerShellScript_Parses()
    {
        Parser.ParseFile(Repository.PathOf("build.ps1"), out _, out ParseError[] errors);
        Assert.That(errors, Is.Empty);
    }

    private static string[] VerbsOf(string script) =>
        [.. script.Split('\n').Where(static line => line.StartsWith("  ", StringComparison.Ordinal) && line.Length > 13 && char.IsAsciiLetterLower(line[2]) && line[12] == ' ' && line[13] != ' ')
            .Select(static line => line[2..12].Trim()).Where(static word => !word.Contains(' ', StringComparison.Ordinal))];

    private string[] Run(Action run)
    {
        File.WriteAllText(Log, "");
        run();
        return File.ReadAllLines(Log);
    }

    private (int Code, string Output, string Error) RunBash(string verb)
    {
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(Checkout, "build.sh"));
        foreach (string word in verb.Split(' '))
        {
            start.ArgumentList.Add(word);
        }

        start.ArgumentList.Add("--one");
        start.ArgumentList.Add("two words");
        start.Environment["PATH"] = _folder + ":/usr/bin:/bin";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }

    private string RunPowerShell(string verb)
    {
        // In this process: the path is put back, because other tests start programs too.
        string? path = Environment.GetEnvironmentVariable("PATH");
        string folder = Directory.GetCurrentDirectory();
        try
        {
            Environment.SetEnvironmentVariable("PATH", _folder + ":/usr/bin:/bin");
            using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
            runspace.Open();
            using var shell = PowerShell.Create(runspace);
            shell.AddCommand(Path.Combine(Checkout, "build.ps1"));
            foreach (string word in (string[])[.. verb.Split(' '), "--one", "two words"])
            {
                shell.AddArgument(word);
            }

            string output = string.Concat(shell.Invoke().Select(static line => line + "\n"));
            Assert.That(shell.Streams.Error, Is.Empty);
            return output;
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            Directory.SetCurrentDirectory(folder);
        }
    }

    private void StandIn(string program, string script)
    {
        string path = Path.Combine(_folder, program);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
