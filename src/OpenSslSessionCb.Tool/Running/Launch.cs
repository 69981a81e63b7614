using OpenSslSessionCb.Setup;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>sesscb run, up to the moment in which this process becomes the server.</summary>
internal static class Launch
{
    /// <summary>Does not return.</summary>
    /// <exception cref="ToolException">Says what stops it.</exception>
    internal static void Run(RunOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ToolException("run works on Linux only: it is the loader there that lets a library be put into a server.");
        }

        IReadOnlyDictionary<string, string> variables = options.ToVariables();
        PreloadLibraries libraries = PreloadLibraries.Find(options.Libraries);
        string program = ProgramPath.Find(options.CommandLine[0]);
        ProgramCheck.ThrowIfStopped(program);
        if (KeyFileOf(variables) is { } keyFile)
        {
            KeyFileCheck.ThrowIfUnusable(keyFile);
        }

        foreach ((string name, string value) in variables)
        {
            Execution.SetVariable(name, value);
        }

        if (libraries.IsApart)
        {
            Execution.SetVariable(ServerVariables.Library, libraries.Library);
        }
        else
        {
            Execution.RemoveVariable(ServerVariables.Library);
        }

        Execution.PutInFront(ServerVariables.Preload, libraries.Preload);
        throw Execution.Become(program, RawArguments.LastOf(options.CommandLine));
    }

    /// <summary>As the library finds it: for sqlite, beside the database.</summary>
    private static string? KeyFileOf(IReadOnlyDictionary<string, string> variables) =>
        StoreUri.Parse(variables[ServerVariables.Store], ServerVariables.Store)
            .KeyFile(variables.GetValueOrDefault(ServerVariables.KeyFile), ServerVariables.KeyFile);
}
