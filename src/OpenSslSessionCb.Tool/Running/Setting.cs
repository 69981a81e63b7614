namespace OpenSslSessionCb.Tool.Running;

/// <summary>What an option says or, where it is not given, the environment variable of the same meaning.</summary>
/// <param name="Source">Which of the two, for a sentence.</param>
/// <param name="Value">Never empty, unless an option was: the preloaded library takes an empty variable for none.</param>
internal sealed record Setting(string Source, string Value)
{
    internal static Setting? Of(string option, string? given, string variable) =>
        given is not null ? new Setting(option, given) : OfEnvironment(variable);

    internal static Setting? OfEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? new Setting(variable, value) : null;

    /// <summary>A file's path, whatever folder the server changes to.</summary>
    internal string ToFullPath() => string.IsNullOrWhiteSpace(Value)
        ? throw ToolException.ForUsage($"{Source} is empty: give the path of a file.")
        : Path.GetFullPath(Value);
}
