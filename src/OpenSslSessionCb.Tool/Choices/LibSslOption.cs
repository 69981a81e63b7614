using System.CommandLine;

namespace OpenSslSessionCb.Tool.Choices;

/// <summary>--libssl: which libssl this process binds.</summary>
internal static class LibSslOption
{
    private const string Variable = "OPENSSLSESSIONCB_LIBSSL";

    internal static Option<string?> Create() => new("--libssl")
    {
        Description = $"The libssl to use, 1.1.1 or newer; {Variable} says the same. Without either, the newest that is installed.",
        HelpName = "PATH",
    };

    /// <summary>Binds it, before anything else does. Returns what was named, or null.</summary>
    internal static string? Bind(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            return OpenSslLibrary.TryLoad(out string? problem) ? null : throw new ToolException(problem);
        }

        OpenSslLibrary.Use(path);
        return path;
    }
}
