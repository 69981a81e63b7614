using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>
/// Each mistake has its sentence. 2: the command line is wrong; 127 and 126: the program is not found, or not to be executed, as
/// env(1) has it; 1: something else stops it.
/// </summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Platform("Linux")]
public sealed class RunBadInputTests
{
    private CompiledFolder _folder = null!;

    [OneTimeSetUp]
    public async Task MakeFiles()
    {
        _folder = new CompiledFolder();
        await _folder.CompileStandInsAsync();
        await _folder.CompileStandInsAsync("with blank");
        await _folder.CompileLibraryAsync("half/libopensslsessioncb_preload.so", "int nothing;\n");
        await _folder.CompileAsync("static", "int main(void) { return 0; }\n", "-static");
        _folder.Write("plain", "not to be executed\n");
        _folder.Write("open.key", "");
        File.SetUnixFileMode(_folder.Write("junk.key", "not a key\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Dispose();

    [TestCase("run --store memory", "No server was named")]
    [TestCase("run --store memory --", "No server was named")]
    [TestCase("run --store memory nginx -g x", "'nginx' is no option of run")]
    [TestCase("run --bogus -- nginx", "'--bogus' is no option of run")]
    [TestCase("run -- nginx", "run needs --store, or OSSCB_STORE in the environment")]
    [TestCase("run --store nonsense -- nginx", "--store nonsense is not understood: give memory, sqlite:")]
    [TestCase("run --store sqlite: -- nginx", "--store sqlite: is not understood")]
    [TestCase("run --store redis:localhost:6379 -- nginx", "--store redis: goes with --key-file")]
    [TestCase("run --store redis:localhost:6379,password=a=b,bogus=1 --key-file {new.key} -- nginx",
        "--store redis:localhost:6379 is not understood")]
    [TestCase("run --store memory --deadline 0 -- nginx", "--deadline 0 is not a number of milliseconds from 1 to 1000")]
    [TestCase("run --store memory --deadline 1001 -- nginx", "--deadline 1001 is not a number")]
    [TestCase("run --store memory --log-level loud -- nginx", "--log-level loud is none of error, warning and information")]
    [TestCase("run --store memory --farm {} -- nginx", "--farm must have 1 to 256 characters")]
    [TestCase("run --store memory --key-file {} -- nginx", "--key-file is empty")]
    public Task CommandLine_Wrong_IsAUsageError(string commandLine, string sentence) =>
        AssertFailsAsync(commandLine, sentence, exitCode: 2);

    [TestCase("OSSCB_STORE", "nonsense", "OSSCB_STORE nonsense is not understood")]
    [TestCase("OSSCB_STORE", "redis:localhost:6379", "OSSCB_STORE redis: goes with --key-file")]
    [TestCase("OSSCB_DEADLINE_MS", "soon", "OSSCB_DEADLINE_MS soon is not a number of milliseconds from 1 to 1000")]
    [TestCase("OSSCB_LOG_LEVEL", "loud", "OSSCB_LOG_LEVEL loud is none of")]
    public Task Environment_Wrong_IsAUsageError(string variable, string value, string sentence) =>
        AssertFailsAsync($"run {(variable == "OSSCB_STORE" ? "" : "--store memory ")}--libraries {{libraries}} -- sh",
            sentence, exitCode: 2, variable, value);

    [TestCase("nobody-knows-this-program", "The program 'nobody-knows-this-program' is not found in PATH", 127)]
    [TestCase("{none}", "The program {none} does not exist", 127)]
    [TestCase("{plain}", "The program {plain} may not be executed by this user", 126)]
    [TestCase("{libraries}", "The program {libraries} is a folder", 126)]
    [TestCase("{static}", "{static} is statically linked", 1)]
    public Task Program_CannotBeStarted_SaysWhyAsEnvDoes(string program, string sentence, int exitCode) =>
        AssertFailsAsync($"run --store memory --libraries {{libraries}} -- {program}", sentence, exitCode);

    [Test]
    public async Task Program_LinuxDoesNotExecuteIt_SaysWhatLinuxSays()
    {
        string program = await _folder.CompileAsync("busy", CompiledFolder.CouldLoad + "int main(void) { return 0; }\n");
        using var file = new FileStream(program, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        await AssertFailsAsync(
            "run --store memory --libraries {libraries} -- {busy}", "{busy} cannot be executed: Text file busy.", exitCode: 126);
    }

    [Test]
    public async Task Program_OnPathButNotToBeExecuted_SaysSo()
    {
        Assert.That(Environment.GetEnvironmentVariable("PATH"), Is.Not.Null);
        await AssertFailsAsync("run --store memory --libraries {libraries} -- plain", "The program {plain} may not be executed by this "
            + "user", exitCode: 126, "PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{_folder.Root}");
    }

    [TestCase("run --store memory --libraries {none} -- sh",
        "--libraries {none} holds not both libopensslsessioncb_preload.so and libopensslsessioncb.so: ./build.sh native makes them")]
    [TestCase("run --store memory --libraries {half} -- sh", "--libraries {half} holds not both")]
    [TestCase("run --store memory --libraries={with~blank} -- sh", "has a blank or a colon in its path")]
    [TestCase("run --store sqlite:{new.db} --key-file {open.key} --libraries {libraries} -- sh",
        "{open.key} is open to other users (mode 0644)")]
    [TestCase("run --store sqlite:{new.db} --key-file {junk.key} --libraries {libraries} -- sh", "{junk.key}")]
    [TestCase("run --store sqlite:{open} --libraries {libraries} -- sh", "{open.key} is open to other users (mode 0644)",
        Description = "the one beside the database")]
    [TestCase("run --store memory --key-file {libraries} --libraries {libraries} -- sh", "{libraries} is a folder")]
    public Task Machine_DoesNotFit_IsARunTimeError(string commandLine, string sentence) =>
        AssertFailsAsync(commandLine, sentence, exitCode: 1);

    [Test]
    public async Task KeyFile_OfTheUserThatTheServerChangesTo_IsNotRefusedToRoot()
    {
        string keyFile = _folder.Write("theirs.key", "");
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if ((await ChildProcess.RunAsync("chown", ["65534", keyFile])).ExitCode != 0)
        {
            Assert.Ignore("Only root can give a file away.");
        }

        const string CommandLine = "run --store sqlite:{theirs} --libraries {libraries} -- sh -c exit";
        ProcessResult result = await SesscbTool.RunAsync(CommandLine.Split(' ').Select(WithFiles));
        Assert.That(result, Is.EqualTo(new ProcessResult(0, "", "")));

        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await AssertFailsAsync(CommandLine, "{theirs.key} is open to other users (mode 0440)", exitCode: 1);
    }

    [Test]
    public async Task KeyFileAndStore_Absent_AreNotMade()
    {
        ProcessResult result =
            await SesscbTool.RunAsync("run --store sqlite:{absent.db} --libraries {libraries} -- sh -c exit".Split(' ').Select(WithFiles));

        Assert.That(result, Is.EqualTo(new ProcessResult(0, "", "")));
        Assert.That(Directory.GetFiles(_folder.Root, "absent*"), Is.Empty);
    }

    [Test]
    public async Task Help_NamesEveryOption()
    {
        ProcessResult result = await SesscbTool.RunAsync("run", "--help");

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Contain("-- PROGRAM [ARGUMENT...]"));
        foreach (string option in (string[])[
            "--store", "--key-file", "--farm", "--deadline", "--log", "--log-level", "--children", "--libraries",
        ])
        {
            Assert.That(result.Output, Does.Contain($"  {option} "));
        }
    }

    private async Task AssertFailsAsync(string commandLine, string sentence, int exitCode, string? variable = null, string value = "")
    {
        string[] arguments = [.. SesscbTool.Arguments(commandLine.Split(' ').Select(WithFiles))];
        ProcessResult result = await ChildProcess.RunAsync(
            "env", [.. variable is null ? Array.Empty<string>() : [$"{variable}={value}"], SesscbTool.Program, .. arguments]);

        Assert.That(result.Errors, Does.StartWith("sesscb: ").And.Contain(WithFiles(sentence)));
        Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain("\n").And.EndsWith("."), "one sentence");
        Assert.That(result.All, Does.Not.Contain("   at ").And.Not.Contain("bogus=").And.Not.Contain("a=b"));
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((exitCode, "")));
    }

    /// <summary>Puts the folder's files in the place of names in braces; ~ is a blank, and no name is nothing.</summary>
    private string WithFiles(string text)
    {
        int open;
        while ((open = text.IndexOf('{', StringComparison.Ordinal)) >= 0)
        {
            int close = text.IndexOf('}', open);
            text = text[..open] + (close == open + 1 ? "" : _folder[text[(open + 1)..close].Replace('~', ' ')]) + text[(close + 1)..];
        }

        return text;
    }
}
