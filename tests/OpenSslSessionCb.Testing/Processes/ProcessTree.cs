using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb.Testing;

/// <summary>What the processes of the machine are to each other, from /proc.</summary>
internal static class ProcessTree
{
    /// <summary>The kernel's own bound for arguments and environment together is 2 MiB by default; ours are some kilobytes.</summary>
    private const int LargestFile = 1 << 17;

    /// <summary>Of all its threads: a child belongs to the thread that has started it.</summary>
    /// <remarks>
    /// From the kernel's own lists, and not by a look at every process of the machine. The kernel may leave one out whose neighbour ends
    /// while it is read.
    /// </remarks>
    internal static IReadOnlyList<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{parent}/task"))
            {
                foreach (string child in ReadOrNothing(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    children.Add(int.Parse(child, CultureInfo.InvariantCulture));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // It has ended.
        }

        return children;
    }

    /// <summary>Children before their own children.</summary>
    internal static IReadOnlyList<int> DescendantsOf(int ancestor)
    {
        var found = new List<int>(ChildrenOf(ancestor));
        for (int i = 0; i < found.Count; i++)
        {
            found.AddRange(ChildrenOf(found[i]));
        }

        return found;
    }

    internal static bool IsRunning(int process) => StatOf(process) is [not "Z", ..];

    /// <summary>Whether it has ended, and waits for its parent to ask how.</summary>
    internal static bool IsUncollected(int process) => StatOf(process) is ["Z", ..];

    /// <summary>The name of its program, at most 15 characters of it; empty when it is gone.</summary>
    internal static string NameOf(int process) => ReadOrNothing($"/proc/{process}/comm").TrimEnd('\n');

    /// <summary>Its program and arguments, for people; its program's name where it has none.</summary>
    internal static string CommandOf(int process)
    {
        string command = ReadOrNothing($"/proc/{process}/cmdline").Replace('\0', ' ').Trim();
        return command.Length > 0 ? command : NameOf(process);
    }

    /// <summary>A variable of the environment that it was started with, as NAME=VALUE; null: it has none, or is gone.</summary>
    internal static string? VariableOf(int process, string name)
    {
        try
        {
            // The first variable has nothing before it.
            string environment = "\0" + Read($"/proc/{process}/environ");
            int begin = environment.IndexOf($"\0{name}=", StringComparison.Ordinal) + 1;
            return begin == 0 ? null : environment[begin..].Split('\0', 2)[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>State and what comes behind it, which follow the name in parentheses; null when it is gone.</summary>
    private static string[]? StatOf(int process)
    {
        string stat = ReadOrNothing($"/proc/{process}/stat");
        return stat.Length == 0 ? null : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>Empty when it is gone.</summary>
    private static string ReadOrNothing(string path)
    {
        try
        {
            return Read(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>As File.ReadAllText, without what that takes beside: thousands of these are read in a run, most of a few bytes.</summary>
    private static string Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(LargestFile);
        try
        {
            int length = 0;
            for (int more = -1; more != 0 && length < bytes.Length; length += more)
            {
                more = RandomAccess.Read(file, bytes.AsSpan(length), length);
            }

            return Encoding.UTF8.GetString(bytes, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
