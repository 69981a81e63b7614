namespace OpenSslSessionCb.Tool;

/// <summary>What the person at the terminal can put right. The message is one sentence that names the thing and what to do.</summary>
internal sealed class ToolException(string message, int exitCode = ToolException.RunTime) : Exception(message)
{
    /// <summary>Something on this machine does not fit: a file, a port, a library.</summary>
    internal const int RunTime = 1;

    /// <summary>The command line is wrong, wherever it is run.</summary>
    internal const int Usage = 2;

    internal int ExitCode { get; } = exitCode;

    internal static ToolException ForUsage(string message) => new(message, Usage);
}
