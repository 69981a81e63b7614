using System.Globalization;

namespace OpenSslSessionCb.Testing;

/// <summary>What the processes of the machine are to each other, from /proc.</summary>
internal static class ProcessTree
{
    internal static IEnumerable<int> ChildrenOf(int parent) =>
        Parents().Where(known => known.Parent == parent).Select(static known => known.Process);

    /// <summary>Children before their own children.</summary>
    internal static IReadOnlyList<int> DescendantsOf(int ancestor)
    {
        ILookup<int, int> children = Parents().ToLookup(static known => known.Parent, static known => known.Process);
        var found = new List<int>(children[ancestor]);
        for (int i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        return found;
    }

    internal static bool IsRunning(int process) => StatOf(process) is [not "Z", ..];

    /// <summary>The name of its program, at most 15 characters of it; empty when it is gone.</summary>
    internal static string NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").TrimEnd('\n');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static IEnumerable<(int Process, int Parent)> Parents()
    {
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && StatOf(process) is [_, { } parent, ..])
            {
                yield return (process, int.Parse(parent, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Its program and arguments, for people; its program's name where it has none.</summary>
    internal static string CommandOf(int process)
    {
        try
        {
            string command = File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim();
            return command.Length > 0 ? command : NameOf(process);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A variable of the environment that it was started with, as NAME=VALUE; null: it has none, or is gone.</summary>
    internal static string? VariableOf(int process, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0')
                .FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>State and parent, which follow the name in parentheses; null when it is gone.</summary>
    private static string[]? StatOf(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
