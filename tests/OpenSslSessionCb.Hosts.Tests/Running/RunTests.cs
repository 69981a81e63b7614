using System.Text;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>
/// sesscb run becomes the program: with the variables that share its sessions, and nothing else changed. Two libraries that do
/// nothing are preloaded.
/// </summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Platform("Linux")]
public sealed class RunTests
{
    private const string Shell = "/bin/sh";

    private CompiledFolder _folder = null!;
    private string _libraries = null!;

    private string Preload => Path.Combine(_libraries, "libopensslsessioncb_preload.so");

    [OneTimeSetUp]
    public async Task MakeLibraries()
    {
        _folder = new CompiledFolder();
        _libraries = await _folder.CompileStandInsAsync();
    }

    [OneTimeTearDown]
    public void DeleteLibraries() => _folder.Dispose();

    [Test]
    public async Task Options_BecomeTheServersVariables()
    {
        Dictionary<string, string> environment = await EnvironmentAsync("",
            "--store", "sqlite:data/../sessions.db", "--key-file", "farm.key", "--farm", "shop ping", "--deadline", "1000", "--log",
            "log/osscb.log", "--log-level", "warning", "--children", "--libraries", _libraries);

        Assert.That(environment, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Preload,
            ["OSSCB_STORE"] = $"sqlite:{_folder["sessions.db"]}",
            ["OSSCB_KEY_FILE"] = _folder["farm.key"],
            ["OSSCB_FARM"] = "shop ping",
            ["OSSCB_DEADLINE_MS"] = "1000",
            ["OSSCB_LOG"] = _folder["log/osscb.log"],
            ["OSSCB_LOG_LEVEL"] = "warning",
            ["OSSCB_CHILDREN"] = "1",
        }));
    }

    [Test]
    public async Task Options_NotGiven_StayUnset()
    {
        Assert.That(
            await EnvironmentAsync("", "--store", "memory", "--libraries", _libraries),
            Is.EquivalentTo(new Dictionary<string, string> { ["LD_PRELOAD"] = Preload, ["OSSCB_STORE"] = "memory" }));
    }

    [Test]
    public async Task Options_NotGiven_TheEnvironmentHolds()
    {
        Dictionary<string, string> environment = await EnvironmentAsync("OSSCB_STORE=sqlite:sessions.db OSSCB_KEY_FILE=farm.key "
            + "OSSCB_FARM=shop OSSCB_DEADLINE_MS=7 OSSCB_LOG=stderr OSSCB_LOG_LEVEL=error OSSCB_CHILDREN=1", "--libraries", _libraries);

        Assert.That(environment, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Preload,
            ["OSSCB_STORE"] = $"sqlite:{_folder["sessions.db"]}",
            ["OSSCB_KEY_FILE"] = _folder["farm.key"],
            ["OSSCB_FARM"] = "shop",
            ["OSSCB_DEADLINE_MS"] = "7",
            ["OSSCB_LOG"] = "stderr",
            ["OSSCB_LOG_LEVEL"] = "error",
            ["OSSCB_CHILDREN"] = "1",
        }));
    }

    [Test]
    public async Task Options_Given_OverrideTheEnvironment()
    {
        Dictionary<string, string> environment = await EnvironmentAsync(
            "OSSCB_STORE=memory OSSCB_KEY_FILE=/old.key OSSCB_FARM=old OSSCB_DEADLINE_MS=nonsense OSSCB_LOG=/old.log "
                + "OSSCB_LOG_LEVEL=error OSSCB_CHILDREN=0 OSSCB_LIBRARY=/old.so",
            "--store", "redis:127.0.0.1:6379,password=secret", "--key-file", "/new.key", "--farm", "new", "--deadline", "1", "--log",
            "/new.log", "--log-level", "information", "--children", "--libraries", _libraries);

        Assert.That(environment, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Preload,
            ["OSSCB_STORE"] = "redis:127.0.0.1:6379,password=secret",
            ["OSSCB_KEY_FILE"] = "/new.key",
            ["OSSCB_FARM"] = "new",
            ["OSSCB_DEADLINE_MS"] = "1",
            ["OSSCB_LOG"] = "/new.log",
            ["OSSCB_LOG_LEVEL"] = "information",
            ["OSSCB_CHILDREN"] = "1",
        }));
    }

    [Test]
    public async Task Library_OfTheEnvironment_HoldsWhereNoFolderIsGiven()
    {
        // The other one is found by its place: with a copy of sesscb beside it.
        (string program, string[] arguments) = await CopyToolAsync("beside");
        await _folder.CompileStandInsAsync("beside");
        string library = await _folder.CompileLibraryAsync("apart.so", "int nothing;\n");

        ProcessResult result = await ChildProcess.RunAsync("env", ["-C", _folder.Root, "OSSCB_LIBRARY=apart.so",
            program, .. arguments, "run", "--store", "memory", "--", Shell, "-c", "echo $LD_PRELOAD $OSSCB_LIBRARY"]);
        ProcessResult missing = await ChildProcess.RunAsync(
            "env", ["-C", _folder.Root, "OSSCB_LIBRARY=none.so", program, .. arguments, "run", "--store", "memory", "--", Shell]);

        Assert.That(result, Is.EqualTo(new ProcessResult(0, $"{_folder["beside"]}/libopensslsessioncb_preload.so {library}\n", "")));
        Assert.That((missing.ExitCode, missing.Errors), Is.EqualTo((1, "sesscb: OSSCB_LIBRARY none.so does not exist: "
            + "take it out of the environment, and the library beside the preloaded one is used.\n")));
    }

    [Test]
    public async Task Preload_OfSomebodyElse_StaysBehindOurs()
    {
        string other = await _folder.CompileLibraryAsync("other.so", "int nothing;\n");

        Assert.That(
            (await EnvironmentAsync($"LD_PRELOAD={other}", "--store", "memory", "--libraries", _libraries))["LD_PRELOAD"],
            Is.EqualTo($"{Preload}:{other}"));
    }

    [Test]
    public async Task Environment_OtherwiseStaysAsItIs()
    {
        // In its order, and byte by byte: 0xFF is no UTF-8.
        string script = $"""
            export ODD="$(printf 'a\377b')" EMPTY= LINES="$(printf '1\n2')"
            unset _ OLDPWD
            env -0 > {_folder["before"]}
            exec "$@" env -0 > {_folder["after"]}
            """;
        ProcessResult result = await ShellAsync(script, "--store", "memory", "--libraries", _libraries, "--");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));

        // dash puts the path of what it executes there, bash too.
        string[] before = await VariablesAsync("before"), after = await VariablesAsync("after");
        Assert.That(before, Has.Some.EqualTo("ODD=a\u00FFb"));
        Assert.That(after, Is.EqualTo(before.Append("OSSCB_STORE=memory").Append($"LD_PRELOAD={Preload}")));

        async Task<string[]> VariablesAsync(string file) =>
            [.. Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder[file])).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(static line => !line.StartsWith("_=", StringComparison.Ordinal))];
    }

    [Test]
    public async Task Arguments_ArePassedOnByteByByte()
    {
        await _folder.CompileAsync("arguments", CompiledFolder.CouldLoad + "#include <stdio.h>\n"
            + "int main(int count, char **texts) { for (int i = 0; i < count; i++) printf(\"%s|\", texts[i]); return 7; }\n");

        const string Hard = """'' '[a]' @file '*' "$(printf '\377' | od -c -An)" "$(printf 'a\377')" | od -c -An -v""";
        ProcessResult result = await ShellAsync($"exec \"$@\" {Hard}",
            "--store", "memory", "--libraries", _libraries, "--", _folder["arguments"], "--store", "x", "--help", "--", "-h", "a=b");
        ProcessResult expected = await ShellAsync($"printf '%s|' {_folder["arguments"]} --store x --help -- -h a=b {Hard}");

        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public async Task Process_StaysTheSame_AndEndsAsTheProgramDoes()
    {
        ProcessResult result = await ShellAsync(
            """echo $$; exec "$@" """, "--store", "memory", "--libraries", _libraries, "--", "sh", "-c", "echo $$; exit 41");

        string[] ids = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(ids, Has.Length.EqualTo(2).And.All.EqualTo(ids[0]));
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((41, "")));
    }

    [Test]
    public async Task Libraries_NextToTheNeighbourFolder_AreFoundByThemselves()
    {
        // As ./build.sh tool and ./build.sh native lay them out.
        (string program, string[] arguments) = await CopyToolAsync("artifacts/tool");
        string[] run = [.. arguments, "run", "--store", "memory", "--", Shell, "-c", "echo $LD_PRELOAD"];

        ProcessResult without = await ChildProcess.RunAsync(program, run);
        Assert.That((without.ExitCode, without.Errors), Is.EqualTo((1, "sesscb: libopensslsessioncb_preload.so and libopensslsessioncb.so "
            + "are not beside sesscb: ./build.sh native makes them, and --libraries says where they are.\n")));

        string neighbour = await _folder.CompileStandInsAsync("artifacts/native");
        ProcessResult found = await ChildProcess.RunAsync(program, run);
        Assert.That(found, Is.EqualTo(new ProcessResult(0, $"{neighbour}/libopensslsessioncb_preload.so\n", "")));

        string beside = await _folder.CompileStandInsAsync("artifacts/tool");
        Assert.That((await ChildProcess.RunAsync(program, run)).Output, Is.EqualTo($"{beside}/libopensslsessioncb_preload.so\n"));
    }

    /// <summary>What the server sees of ours, started in the folder of this fixture with these variables set before.</summary>
    private async Task<Dictionary<string, string>> EnvironmentAsync(string before, params string[] options)
    {
        ProcessResult result = await ShellAsync($"cd {_folder.Root}; exec env {before} \"$@\"", [.. options, "--", "env"]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return result.Output.Split('\n').Where(static line => line.StartsWith("OSSCB_", StringComparison.Ordinal)
            || line.StartsWith("LD_PRELOAD=", StringComparison.Ordinal))
            .Select(static line => line.Split('=', 2)).ToDictionary(static parts => parts[0], static parts => parts[1]);
    }

    /// <summary>A shell, in which "$@" is sesscb run with these options.</summary>
    private static Task<ProcessResult> ShellAsync(string script, params IEnumerable<string> options) =>
        ChildProcess.RunAsync(Shell, ["-c", script, "sh", SesscbTool.Program, .. SesscbTool.Arguments(["run", .. options])]);

    /// <summary>A copy of sesscb, because its place counts: the program to start, and its first arguments.</summary>
    private async Task<(string Program, string[] Arguments)> CopyToolAsync(string folder)
    {
        string tool = SesscbTool.Arguments().FirstOrDefault() ?? SesscbTool.Program;
        string copy = Path.Combine(_folder[folder], Path.GetFileName(tool));
        Directory.CreateDirectory(_folder[folder]);
        ProcessResult result = await ChildProcess.RunAsync("cp", ["-r", Path.Combine(Path.GetDirectoryName(tool)!, "."), _folder[folder]]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return SesscbTool.Arguments().Any() ? (SesscbTool.Program, [copy]) : (copy, []);
    }
}
