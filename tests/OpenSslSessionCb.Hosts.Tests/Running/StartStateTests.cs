using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>A server under sesscb run sees the signals, limits, files and terminal that a shell would have given it.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Platform("Linux")]
public sealed class StartStateTests
{
    private const string SaysSignals = """
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/resource.h>
        int main(int count, char **options)
        {
            struct sigaction action;
            struct rlimit limit;
            sigset_t mask;
            sigprocmask(SIG_SETMASK, NULL, &mask);
            for (int i = 1; i <= 64; i++)
                if (sigaction(i, NULL, &action) == 0)
                    printf("%d: %s, flags %x, %s\n", i,
                        action.sa_handler == SIG_IGN ? "ignored" : action.sa_handler == SIG_DFL ? "default" : "handled",
                        (unsigned)action.sa_flags, sigismember(&mask, i) ? "blocked" : "open");
            for (int i = 0; i < RLIM_NLIMITS && count > 1 && strcmp(options[1], "limits") == 0; i++)
                if (getrlimit(i, &limit) == 0)
                    printf("limit %d: %lu of %lu\n", i, (unsigned long)limit.rlim_cur, (unsigned long)limit.rlim_max);
            return 0;
        }

        """;

    private CompiledFolder _folder = null!;
    private string _libraries = null!;

    /// <summary>sesscb run, in front of a program.</summary>
    private string Run =>
        string.Join(' ', [SesscbTool.Program, .. SesscbTool.Arguments("run", "--store", "memory", "--libraries", _libraries, "--")]);

    [OneTimeSetUp]
    public async Task MakePrograms()
    {
        _folder = new CompiledFolder();
        _libraries = await _folder.CompileStandInsAsync();
        await _folder.CompileAsync("signals", CompiledFolder.CouldLoad + SaysSignals);
    }

    [OneTimeTearDown]
    public void DeletePrograms() => _folder.Dispose();

    // The first: a shell's. Then: nohup, a shell's background, a service manager's, and what no shell does.
    [TestCase("--default-signal")]
    [TestCase("--default-signal --ignore-signal=HUP")]
    [TestCase("--default-signal --ignore-signal=INT --ignore-signal=QUIT")]
    [TestCase("--default-signal --ignore-signal=USR1 --ignore-signal=RTMIN+5")]
    [TestCase("--default-signal --block-signal=USR2 --block-signal=CHLD --block-signal=TERM --block-signal=RTMIN+1")]
    public async Task Signals_AreThoseOfAShell(string state) => await AssertSameAsync($"env {state}", "", Run);

    // Before .NET runs, only C in the same program can see that.
    [TestCase("--default-signal --ignore-signal=PIPE")]
    [TestCase("--default-signal --ignore-signal=TERM")]
    [TestCase("--ignore-signal")]
    [TestCase("--default-signal --block-signal")]
    public async Task Signals_AllOfThem_AreThoseOfAShellWhereSesscbIsCompiledAheadOfTime(string state) =>
        await AssertSameAsync(
            $"ulimit -S -n 300; env {state}", "limits", $"{CompiledTool()} run --store memory --libraries {_libraries} --");

    [Test]
    public async Task Files_AreThoseOfAShell()
    {
        // ls has the last one open for itself.
        const string Files = "sh -c 'ls /proc/$$/fd; cat; readlink /proc/$$/cwd; umask'";

        // One shell for both: at times this process has a file open that its children inherit, and it would be in one of two shells.
        ProcessResult both = await ShellAsync(
            $"cd /usr; umask 027; exec 7< /dev/null; echo in | {Files}; echo run; echo in | {Run} {Files}");
        string[] outputs = both.Output.Split("run\n");

        Assert.That((both.ExitCode, both.Errors, outputs.Length), Is.EqualTo((0, "", 2)), both.Output);
        Assert.That(outputs[0], Does.Contain("7\n").And.Contain("\nin\n/usr\n0027"));
        Assert.That(outputs[1], Is.EqualTo(outputs[0]));
    }

    [Test]
    public async Task Terminal_IsLeftAsItIs()
    {
        if (ChildProcess.Find("script") is null)
        {
            Assert.Ignore("script is not installed (bsdutils).");
        }

        // All that is written to the terminal, control characters too; stty is let go on as the shell's child.
        ProcessResult direct = await ChildProcess.RunAsync(
            "script", ["-q", "-e", "-c", "stty -echoctl; sh -c 'stty -a; tty'", "/dev/null"]);
        ProcessResult run = await ChildProcess.RunAsync(
            "script", ["-q", "-e", "-c", $"stty -echoctl; {Run} sh -c 'stty -a; tty'", "/dev/null"]);

        Assert.That(direct.Output, Does.Contain("-echoctl").And.Contain("/dev/pts/"));
        Assert.That(WithoutNumber(run.Output), Is.EqualTo(WithoutNumber(direct.Output)));
        Assert.That(run.ExitCode, Is.Zero);

        static string WithoutNumber(string output) => output[..output.IndexOf("/dev/pts/", StringComparison.Ordinal)];
    }

    private async Task AssertSameAsync(string before, string argument, string run)
    {
        ProcessResult direct = await ShellAsync($"{before} {_folder["signals"]} {argument}");
        ProcessResult under = await ShellAsync($"{before} {run} {_folder["signals"]} {argument}");

        Assert.That(direct.Output.Split('\n'), Has.Length.GreaterThan(60));
        Assert.That(under, Is.EqualTo(direct));
    }

    private static Task<ProcessResult> ShellAsync(string script) => ChildProcess.RunAsync("sh", ["-c", script]);

    private static string CompiledTool()
    {
        string path = SesscbTool.Arguments().Any() ? Repository.PathOf("artifacts/tool/sesscb") : SesscbTool.Program;
        if (!File.Exists(path))
        {
            Assert.Ignore("sesscb is not compiled ahead of time here: run ./build.sh tool first.");
        }

        string sources = Repository.PathOf("src/OpenSslSessionCb.Tool/Running");
        if (Directory.EnumerateFiles(sources).Max(File.GetLastWriteTimeUtc) > File.GetLastWriteTimeUtc(path))
        {
            Assert.Ignore($"{path} is older than its sources: run ./build.sh tool again.");
        }

        return path;
    }
}
