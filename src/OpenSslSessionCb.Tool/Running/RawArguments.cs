using System.Text;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>
/// The last arguments of this process's command line, byte by byte: not every file's name is UTF-8, and
/// .NET's strings lose what is not.
/// </summary>
internal static class RawArguments
{
    internal static byte[][] LastOf(IReadOnlyList<string> arguments)
    {
        byte[][] all = ReadAll();
        byte[][] last = all.Length > arguments.Count ? all[^arguments.Count..] : [];
        return last.Select(Encoding.UTF8.GetString).SequenceEqual(arguments) ? last : [.. arguments.Select(Encoding.UTF8.GetBytes)];
    }

    private static byte[][] ReadAll()
    {
        byte[] line = File.ReadAllBytes("/proc/self/cmdline");
        var all = new List<byte[]>();
        for (int start = 0, end; start < line.Length && (end = Array.IndexOf(line, (byte)0, start)) >= 0; start = end + 1)
        {
            all.Add(line[start..end]);
        }

        return [.. all];
    }
}
