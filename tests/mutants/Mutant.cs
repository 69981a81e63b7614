using System.Text;
using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Mutants;

/// <summary>One fault, as a person could make it.</summary>
internal sealed class Mutant
{
    private const string End = ".mutant";

    private static readonly string[] s_keys = ["file", "what", "tests", "survives"];

    private readonly Dictionary<string, string> _words = [];
    private string _before = "";
    private string _after = "";

    private Mutant(string name) => Name = name;

    /// <summary>The folder and the file's name without its end.</summary>
    public string Name { get; }

    public string Folder => Path.GetDirectoryName(Name)!;

    public string What => _words["what"];

    /// <summary>Names of tests or of their classes: those that hold one of these run.</summary>
    public string[] Tests => _words["tests"].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string? Reason => _words.GetValueOrDefault("survives");

    /// <summary>In the core.</summary>
    public string SourceFile => Path.Join(Folder, _words["file"]);

    public bool IsCaught { get; set; }

    public string Outcome { get; set; } = "";

    /// <summary>Those of the folders or names, or all; each fits the source as it is.</summary>
    public static List<Mutant> ReadAll(string folder, string core, string[] wanted)
    {
        string[] files = Directory.GetFiles(folder, '*' + End, SearchOption.AllDirectories);
        List<Mutant> all = [.. files.Order(StringComparer.Ordinal).Select(path => Read(folder, path))];
        if (wanted.FirstOrDefault(word => !all.Exists(mutant => mutant.IsIn(word))) is { } unknown)
        {
            string folders = string.Join(", ", all.Select(static mutant => mutant.Folder).Distinct());
            throw new ListException($"there is no mutant in '{unknown}'. The folders are {folders}.");
        }

        List<Mutant> chosen = wanted.Length == 0 ? all : all.FindAll(mutant => wanted.Any(mutant.IsIn));
        foreach (Mutant mutant in chosen)
        {
            string source = Path.Join(core, mutant.SourceFile);
            mutant.Apply(File.Exists(source) ? File.ReadAllText(source) : "");
        }

        return chosen;
    }

    /// <summary>
    /// Lines 'key: value': file (in the folder of the same name), what (the fault, and what comes of it), tests, and, if it may survive,
    /// survives (why); a line '--- before', and the code that stands there once; a line '--- after', and what comes in its place.
    /// </summary>
    private static Mutant Read(string folder, string path)
    {
        var mutant = new Mutant(Path.GetRelativePath(folder, path)[..^End.Length].Replace('\\', '/'));
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        string[] parts = Regex.Split(text, "^--- (?:before|after)\n", RegexOptions.Multiline);
        foreach (string line in parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = line.Split(": ", 2);
            if (pair.Length < 2 || !s_keys.Contains(pair[0]) || !mutant._words.TryAdd(pair[0], pair[1].Trim()))
            {
                throw new ListException($"{mutant.Name}: '{line}' is none of {string.Join(", ", s_keys)}, or a second one.");
            }
        }

        if (parts.Length != 3 || s_keys.Take(3).Any(key => !mutant._words.ContainsKey(key)))
        {
            throw new ListException($"{mutant.Name} has not all of file, what, tests, '--- before' and '--- after'.");
        }

        (mutant._before, mutant._after) = (parts[1], parts[2].Trim());
        return mutant;
    }

    /// <summary>The source with the fault. How the code is broken into lines does not matter.</summary>
    /// <exception cref="ListException">The code before is not there exactly once.</exception>
    public string Apply(string source)
    {
        (string dense, int[] places) = WithoutSpace(source);
        (string sought, _) = WithoutSpace(_before);
        int found = dense.IndexOf(sought, StringComparison.Ordinal);
        if (sought.Length == 0 || found < 0 || dense.IndexOf(sought, found + 1, StringComparison.Ordinal) >= 0)
        {
            string problem = found < 0 ? "is not" : "is more than once";
            throw new ListException($"{Name}: its code before {problem} in {SourceFile}. Bring the mutant up to date, or remove it.");
        }

        return source[..places[found]] + _after + source[(places[found + sought.Length - 1] + 1)..];
    }

    private static (string Dense, int[] Places) WithoutSpace(string text)
    {
        int[] places = [.. Enumerable.Range(0, text.Length).Where(place => !char.IsWhiteSpace(text[place]))];
        var dense = new StringBuilder(places.Length);
        foreach (int place in places)
        {
            dense.Append(text[place]);
        }

        return (dense.ToString(), places);
    }

    private bool IsIn(string word) => Name == word || Name.StartsWith(word.TrimEnd('/') + "/", StringComparison.Ordinal);
}
