namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>Where glibc's loader finds libraries. Its cache (ld.so.cache) is left out: it lists what is in these folders.</summary>
internal sealed class LoaderFolders
{
    private const int DeepestInclude = 5;

    private static readonly string[] s_standard =
    [
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64",
        "/usr/lib64", "/lib", "/usr/lib",
    ];

    private readonly List<string> _configured = [];

    internal LoaderFolders(string? libraryPath, string configuration = "/etc/ld.so.conf")
    {
        LibraryPath = Split(libraryPath);
        ReadConfiguration(configuration, depth: 0);
    }

    /// <summary>What LD_LIBRARY_PATH says; an empty part is the current folder.</summary>
    internal IReadOnlyList<string> LibraryPath { get; }

    /// <summary>The places that are the same for every program.</summary>
    internal IEnumerable<string> OfTheMachine => _configured.Concat(s_standard);

    /// <summary>The folders of a DT_RPATH or DT_RUNPATH.</summary>
    internal static IReadOnlyList<string> Split(string? path, string? origin = null) => string.IsNullOrEmpty(path) ? [] :
    [
        .. path.Split(':', ';').Select(folder => folder.Length == 0 ? "." : folder
            .Replace("${ORIGIN}", origin, StringComparison.Ordinal)
            .Replace("$ORIGIN", origin, StringComparison.Ordinal)),
    ];

    private void ReadConfiguration(string file, int depth)
    {
        foreach (string line in ReadLines(file))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', ',', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["include", ..])
            {
                _configured.AddRange(words);
                continue;
            }

            foreach (string included in depth < DeepestInclude
                ? words[1..].SelectMany(pattern => Files(Path.Combine(Path.GetDirectoryName(file)!, pattern)))
                : [])
            {
                ReadConfiguration(included, depth + 1);
            }
        }
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Files(string pattern)
    {
        try
        {
            string[] files = Directory.GetFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern));
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
