using System.Text.RegularExpressions;

namespace OpenSslSessionCb.House;

/// <summary>A project below src: which folder its types stand in, and which folder uses which.</summary>
public sealed partial class Project
{
    private readonly Dictionary<string, string> _folders;

    private Project(string name, Dictionary<string, string> folders, Use[] uses)
    {
        Name = name;
        _folders = folders;
        Uses = uses;
    }

    public string Name { get; }

    /// <summary>All of them, also between types of one folder.</summary>
    public IReadOnlyList<Use> Uses { get; }

    /// <summary>Those with types of their own; "." is the project's own.</summary>
    public IReadOnlyCollection<string> Folders => [.. _folders.Values.Distinct()];

    /// <param name="folder">The project's, where its sources are.</param>
    /// <param name="assembly">The path of the compiled assembly.</param>
    public static Project Read(string folder, string assembly)
    {
        Dictionary<string, string> folders = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string room = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (room.Split('/')[0] is not ("obj" or "bin"))
            {
                foreach (Match declaration in Declaration().Matches(File.ReadAllText(file)))
                {
                    folders.TryAdd(declaration.Groups["name"].Value, room);
                }
            }
        }

        return new Project(Path.GetFileName(folder), folders, CompiledTypes.UsesIn(assembly));
    }

    /// <summary>
    /// The assembly that the last build of a project has left; null: it is not built. A build for one machine (NativeAOT) has a folder
    /// more.
    /// </summary>
    public static string? AssemblyOf(string folder, string configuration)
    {
        string bin = Path.Join(folder, "bin", configuration);
        string[] names = [Path.GetFileName(folder) + ".dll", "libopensslsessioncb.dll", "sesscb.dll"];
        return !Directory.Exists(bin)
            ? null
            : Directory.GetFiles(bin, "*.dll", SearchOption.AllDirectories).Where(file => names.Contains(Path.GetFileName(file)))
                .MaxBy(File.GetLastWriteTimeUtc);
    }

    /// <summary>The uses that lead from a folder to another one.</summary>
    public IEnumerable<(string From, string To, Use Use)> Arrows() =>
        from use in Uses
        let @from = _folders.GetValueOrDefault(use.From)
        let to = _folders.GetValueOrDefault(use.To)
        where @from != null && to != null && @from != to
        orderby @from, to, use.From, use.To
        select (@from, to, use);

    // At the beginning of a line: nested types are those of their outermost.
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*"
        + @"(?:record\s+struct|record\s+class|record|class|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
