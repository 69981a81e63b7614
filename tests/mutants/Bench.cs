using System.Text.Json;

namespace OpenSslSessionCb.Mutants;

/// <summary>A copy of the repository, built once; then the core alone is compiled again and again, and put beside the tests.</summary>
internal sealed class Bench(string root, string copy)
{
    internal const string Core = "src/OpenSslSessionCb";

    private const string TestProject = "tests/OpenSslSessionCb.Tests";
    private const string Assembly = "OpenSslSessionCb.dll";

    // Other work on the machine is no reason to take a test for one that hangs.
    private const int Slowness = 10;
    private static readonly TimeSpan s_startOfTests = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(1);

    private readonly TestDriver _tests = new(Path.Join(copy, TestProject, "bin", "Release", "net10.0"), Path.Join(copy, "results"));
    private readonly Dictionary<string, TimeSpan> _durations = [];
    private string _compiler = "";

    private string CoreFolder => Path.Join(copy, Core);

    private string Compiled => Path.Join(CoreFolder, "obj", "Release", "net10.0", Assembly);

    private string Arguments => Path.Join(copy, "core.rsp");

    internal void Build()
    {
        CopyTree();
        Command.Must("dotnet", copy, "build", TestProject, "--configuration", "Release", "--verbosity", "quiet", "-nodeReuse:false");

        // How the compiler is called is asked of the build, which then need not run for each mutant.
        File.Delete(Compiled);
        string answer = Command.Must(
            "dotnet", CoreFolder, "build", "--configuration", "Release", "--no-restore", "--no-dependencies", "--target:Compile",
            "--property:ProvideCommandLineArgs=true", "--property:SkipCompilerExecution=true",
            "--getItem:CscCommandLineArgs", "--getProperty:RoslynTargetsPath");
        JsonElement json = JsonDocument.Parse(answer).RootElement;
        _compiler = Path.Join(json.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString(), "bincore", "csc.dll");
        IEnumerable<string> words = json.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(static item => item.GetProperty("Identity").GetString()!)
            .Where(static word => word != "/noconfig" && !word.StartsWith("/warnaserror", StringComparison.Ordinal));

        // A fault may leave something unused: that is no error here.
        IEnumerable<string> quoted = words.Select(static word => word.Contains(' ') ? $"\"{word}\"" : word);
        File.WriteAllLines(Arguments, [.. quoted, "/skipanalyzers+", "/warn:0"]);
    }

    /// <summary>Without a fault all tests pass, and each word of the list names at least one.</summary>
    internal void CheckTests(List<Mutant> mutants)
    {
        Compile("the core as it is");
        string[] words = [.. mutants.SelectMany(static mutant => mutant.Tests).Distinct()];
        TestDriver.Results results = _tests.Run(words, s_patience);
        if (results.HaveFailed)
        {
            throw new ListException($"without any fault {results.InWords}.");
        }

        foreach ((string name, TimeSpan duration) in results.Passed)
        {
            _durations[name] = _durations.GetValueOrDefault(name) + duration;
        }

        if (words.FirstOrDefault(word => !_durations.Keys.Any(name => name.Contains(word, StringComparison.Ordinal))) is { } unknown)
        {
            throw new ListException($"no test that passes is called '{unknown}'.");
        }
    }

    internal void Try(Mutant mutant)
    {
        string source = Path.Join(CoreFolder, mutant.SourceFile);
        string good = File.ReadAllText(source);
        try
        {
            File.WriteAllText(source, mutant.Apply(good));
            Compile(mutant.Name);
        }
        finally
        {
            File.WriteAllText(source, good);
        }

        double seconds = _durations
            .Where(pair => mutant.Tests.Any(word => pair.Key.Contains(word, StringComparison.Ordinal)))
            .Sum(static pair => pair.Value.TotalSeconds);
        TestDriver.Results results = _tests.Run(mutant.Tests, s_startOfTests + TimeSpan.FromSeconds(seconds * Slowness));
        (mutant.IsCaught, mutant.Outcome) = (results.HaveFailed, results.InWords);
    }

    /// <summary>With what is not committed yet.</summary>
    private void CopyTree()
    {
        string files = Command.Must("git", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        foreach (string file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Join(root, file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(copy, file))!);
            File.Copy(Path.Join(root, file), Path.Join(copy, file));
        }
    }

    private void Compile(string what)
    {
        (int? code, string output, _) = Command.Run(
            "dotnet", CoreFolder, s_patience, "exec", _compiler, "/noconfig", $"@{Arguments}", "/shared");
        if (code != 0)
        {
            string? error = output.Split('\n').FirstOrDefault(static line => line.Contains(": error ", StringComparison.Ordinal));
            throw new ListException($"{what} does not compile: {error ?? output}");
        }

        File.Copy(Compiled, Path.Join(_tests.Folder, Assembly), overwrite: true);
    }
}
