using System.Globalization;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>What the processes of the machine are to each other, from /proc.</summary>
internal static class ProcessTree
{
    internal static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(static path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id != 0 && StatOf(id) is [_, { } parentId, ..] && parentId == parent.ToString(CultureInfo.InvariantCulture));

    internal static IEnumerable<int> DescendantsOf(int ancestor) =>
        ChildrenOf(ancestor).SelectMany(static child => DescendantsOf(child).Prepend(child));

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
