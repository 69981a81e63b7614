using System.Diagnostics;
using System.Management.Automation.Language;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// build.sh and build.ps1 have the same verbs and run the same commands, as programs that only note their arguments see them.
/// </summary>
[Platform("Linux")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class BuildScriptTests
{
    private static readonly string[] s_verbs =
        ["demo", "test", "soak", "bench", "tool", "native", "pack", "matrix", "format", "house", "mutate", "generate"];

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

    private const string Said = """
        1 skipped: no disk of our own
        shortened: the tests that find more the longer they go on. At length: ./build.sh soak
        2 passed, 1 failed, 1 skipped

        """;

    private static readonly string s_powerShellProgram = typeof(PowerShellProgram).Assembly.Location;
    private static readonly string[] s_more = ["test --coverage", "demo farm", "format --write"];

    // What stands in for dotnet where a run of the tests is played.
    private static readonly Dictionary<string, string> s_played = new()
    {
        ["counts"] = $"[ \"$1\" = test ] || exit 0; mkdir -p artifacts/test-results; printf '%s' '{Trx}' > artifacts/test-results/a.trx",
        ["left"] = "[ \"$1\" = test ] || exit 0; echo 'left running by a test: 7 nginx' > \"$SESSCB_LEFT_RUNNING\"",
    };

    // All that PowerShell is to do, in one process: see PowerShellProgram.Next.
    private static readonly Lazy<Dictionary<string, (string[] Calls, string Output)>> s_powerShell = new(RunAllInPowerShell);

    private string _folder = "";

    /// <summary>A copy: the scripts work in the folder that they lie in, and the real one is at work on this very run.</summary>
    private string Checkout => Path.Combine(_folder, "checkout");

    [SetUp]
    public void MakeStandIns()
    {
        _folder = Directory.CreateTempSubdirectory("sesscb-build-").FullName;
        MakeStandIns(_folder, Checkout);
    }

    [TearDown]
    public void RemoveStandIns() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(s_verbs))]
    [TestCaseSource(nameof(s_more))]
    public void Scripts_SameVerb_RunTheSameCommands(string verb)
    {
        RunBash(verb);
        string[] bash = CallsIn(Checkout);

        Assert.That(bash.Where(static call => call != "dotnet --version"), Is.Not.Empty, "what build.sh runs");
        Assert.That(s_powerShell.Value[verb].Calls, Is.EqualTo(bash));
    }

    [Test]
    public void Scripts_TestsPassedFailedAndSkipped_CountThemAlikeAndSayWhySomeWereSkipped()
    {
        StandIn(Checkout, "played", s_played["counts"]);

        Assert.That(RunBash("test").Output, Is.EqualTo(Said));
        Assert.That(s_powerShell.Value["counts"].Output, Is.EqualTo(Said));
    }

    [Test]
    public void Scripts_SomethingLeftRunning_SayItAndFail()
    {
        StandIn(Checkout, "played", s_played["left"]);

        (int code, string output, _) = RunBash("test");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("left running by a test: 7 nginx\n"));
        Assert.That(s_powerShell.Value["left"].Output, Does.StartWith("left running by a test: 7 nginx\n"));
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
        [.. script.Split('\n').Where(static line => line.StartsWith("  ", StringComparison.Ordinal)
            && line.Length > 13 && char.IsAsciiLetterLower(line[2]) && line[12] == ' ' && line[13] != ' ')
            .Select(static line => line[2..12].Trim()).Where(static word => !word.Contains(' ', StringComparison.Ordinal))];

    /// <summary>Programs that note, in the folder that they are started in, how.</summary>
    private static void MakeStandIns(string folder, params string[] checkouts)
    {
        foreach (string checkout in checkouts)
        {
            Directory.CreateDirectory(checkout);
            foreach (string file in (string[])["build.sh", "build.ps1", "global.json"])
            {
                File.Copy(Repository.PathOf(file), Path.Combine(checkout, file));
            }
        }

        foreach (string program in (string[])["dotnet", "bash", "apt-get", "curl"])
        {
            StandIn(folder, program, $"echo {program} \"$@\" >> calls; [ ! -x ./played ] || exec ./played \"$@\"");
        }

        // Every package is there.
        StandIn(folder, "dpkg-query", "echo 'install ok installed'");
    }

    private static string[] CallsIn(string checkout) => File.ReadAllLines(Path.Combine(checkout, "calls"));

    private static Dictionary<string, (string[] Calls, string Output)> RunAllInPowerShell()
    {
        string folder = Directory.CreateTempSubdirectory("sesscb-build-").FullName;
        try
        {
            (string Name, string Checkout)[] runs = [.. s_verbs.Concat(s_more).Concat(s_played.Keys)
                .Select((name, number) => (name, Path.Combine(folder, $"checkout{number}")))];
            MakeStandIns(folder, [.. runs.Select(static run => run.Checkout)]);
            foreach ((string name, string checkout) in runs.Where(static run => s_played.ContainsKey(run.Name)))
            {
                StandIn(checkout, "played", s_played[name]);
            }

            string[] lines = [.. runs.SelectMany(static run => (string[])[PowerShellProgram.Next, Path.Combine(run.Checkout, "build.ps1"),
                .. ArgumentsOf(s_played.ContainsKey(run.Name) ? "test" : run.Name)])];
            (int code, string output, string error) = Run(Start(folder, "dotnet", ["exec", s_powerShellProgram, .. lines[1..]]));
            Assert.That((code, error), Is.EqualTo((0, "")));
            string[] outputs = output.Split(PowerShellProgram.Next + "\n");
            return runs.Select((run, number) => (run, number)).ToDictionary(
                static each => each.run.Name, each => (CallsIn(each.run.Checkout), outputs[each.number]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private (int Code, string Output, string Error) RunBash(string verb) =>
        Run(Start(_folder, "/bin/bash", [Path.Combine(Checkout, "build.sh"), .. ArgumentsOf(verb)]));

    private static string[] ArgumentsOf(string verb) => [.. verb.Split(' '), "--one", "two words"];

    /// <summary>A program that meets the stand-ins wherever it asks for a program by its name.</summary>
    private static ProcessStartInfo Start(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = folder + ":/usr/bin:/bin";

        // Of the run that this one is part of: with it the scripts build no tool.
        start.Environment.Remove("SESSCB_PATH");
        return start;
    }

    private static (int Code, string Output, string Error) Run(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static void StandIn(string folder, string program, string script)
    {
        string path = Path.Combine(folder, program);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
