using System.Text;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>The first line of a script: the program that runs it, and the one argument that the kernel makes of the line's rest.</summary>
internal sealed record Script(string Interpreter, string? Argument)
{
    // As much as the kernel looks at.
    private const int LongestLine = 256;

    /// <summary>Null: the file does not begin with #! and a name.</summary>
    internal static Script? TryRead(ElfFile file)
    {
        byte[] start = file.ReadStart(LongestLine);
        if (!start.AsSpan().StartsWith("#!"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> line = start.AsSpan(2);
        int end = line.IndexOfAny((byte)'\n', (byte)0);
        string[] words = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Trim(' ', '\t').Split([' ', '\t'], 2);
        return words[0].Length == 0 || words[0].Any(char.IsControl)
            ? null
            : new Script(words[0], words.Length > 1 ? words[1].Trim(' ', '\t') : null);
    }

    /// <summary>The program that will be started in the end, if that can be told: env is asked for another one by its name.</summary>
    internal string? Program => Path.GetFileName(Interpreter) != "env" ? Interpreter : ProgramOfEnv();

    private string? ProgramOfEnv()
    {
        const string Split = "-S";
        string argument = Argument ?? "";
        string[] words = argument.StartsWith(Split, StringComparison.Ordinal)
            ? argument[Split.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            : [argument];
        string name = words.FirstOrDefault(static word => !word.Contains('=', StringComparison.Ordinal)) ?? "";

        // More options, or quotes: whatever comes of that.
        return name.Length == 0 || "-\"'\\$".Contains(name[0], StringComparison.Ordinal) || name.Contains(' ', StringComparison.Ordinal)
            ? null
            : ProgramPath.TryFind(name);
    }
}
