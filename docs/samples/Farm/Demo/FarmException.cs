namespace FarmDemo;

/// <summary>What stands in the way, in one sentence.</summary>
internal sealed class FarmException(string sentence, int exitCode = 1) : Exception(sentence)
{
    internal int ExitCode { get; } = exitCode;
}
