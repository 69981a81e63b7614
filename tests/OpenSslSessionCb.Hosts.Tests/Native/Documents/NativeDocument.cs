using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>docs/native.md, and the files that it tells an administrator to copy.</summary>
internal static partial class NativeDocument
{
    internal static string Text { get; } = File.ReadAllText(Repository.PathOf("docs/native.md"));

    /// <summary>native/systemd, a file for each server.</summary>
    internal static IReadOnlyDictionary<string, string> DropIns { get; } = Directory
        .EnumerateFiles(Repository.PathOf("native/systemd"), "*.conf", SearchOption.AllDirectories)
        .ToDictionary(static file => Path.GetFileName(Path.GetDirectoryName(file)!)[..^".d".Length], File.ReadAllText);

    /// <summary>The only block of this language.</summary>
    internal static string Block(string language) =>
        Blocks().Matches(Text).Single(match => match.Groups[1].Value == language).Groups[2].Value;

    /// <summary>The rows of the table under a heading: its first column.</summary>
    internal static string[] FirstColumn(string heading)
    {
        string section = Text[(Text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal) + 1)..];
        int next = section.IndexOf("\n## ", StringComparison.Ordinal);
        return [.. section[..(next < 0 ? section.Length : next)].Split('\n').Where(static line => line.StartsWith('|')).Skip(2)
            .Select(static line => line.Split('|')[1].Trim())];
    }

    internal static IEnumerable<string> VariablesIn(string text) =>
        VariableName().Matches(text).Select(static match => match.Value).Distinct();

    [GeneratedRegex("^```([a-z]+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex("OSSCB_[A-Z_]+[A-Z]")]
    private static partial Regex VariableName();
}
