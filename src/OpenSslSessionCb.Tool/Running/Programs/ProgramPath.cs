using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>Finds programs as a shell does.</summary>
internal static partial class ProgramPath
{
    internal const int NotExecutable = 126;
    internal const int NotFound = 127;

    // What glibc takes where PATH is not set.
    private const string WithoutPath = "/bin:/usr/bin";

    private const int ToExecute = 1;

    /// <summary>A name with a slash as it is, another one in PATH.</summary>
    /// <exception cref="ToolException">It is nowhere, or may not be executed: with the exit codes of env(1).</exception>
    internal static string Find(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Checked(name);
        }

        string? refused = null;
        foreach (string path in name.Length == 0 ? [] : Candidates(name))
        {
            if (FileStatus.TryOf(path) is { IsFolder: false })
            {
                if (IsExecutable(path))
                {
                    return path;
                }

                refused ??= path;
            }
        }

        throw refused is null
            ? new ToolException($"The program '{name}' is not found in PATH: give its path, /usr/sbin/nginx for instance.", NotFound)
            : NotToBeExecuted(refused);
    }

    internal static string? TryFind(string name)
    {
        try
        {
            return Find(name);
        }
        catch (ToolException)
        {
            return null;
        }
    }

    /// <exception cref="ToolException">It does not exist, or may not be executed.</exception>
    internal static string Checked(string path, string? script = null)
    {
        string forWhom = script is null ? "" : $", for which the script {script} asks,";
        FileStatus status = FileStatus.TryOf(path)
            ?? throw new ToolException($"The program {path}{forWhom} does not exist, or may not be looked at.", NotFound);
        if (status.IsFolder)
        {
            throw new ToolException($"The program {path}{forWhom} is a folder: name the file in it.", NotExecutable);
        }

        return IsExecutable(path) ? path : throw NotToBeExecuted(path + forWhom);
    }

    private static IEnumerable<string> Candidates(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? WithoutPath).Split(':')
            .Select(folder => Path.Combine(folder.Length == 0 ? "." : folder, name));

    private static bool IsExecutable(string path) => Access(path, ToExecute) == 0;

    private static ToolException NotToBeExecuted(string path) =>
        new($"The program {path} may not be executed by this user.", NotExecutable);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
