using System.Globalization;
using OpenSslSessionCb.Setup;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>
/// What sesscb run was asked to do. Null: neither an option nor the environment says it, and the library's own default holds.
/// </summary>
internal sealed record RunOptions
{
    private const int LongestDeadline = 1000;

    internal required Setting? Store { get; init; }

    internal required Setting? KeyFile { get; init; }

    internal required Setting? Farm { get; init; }

    internal required Setting? Deadline { get; init; }

    internal required Setting? Log { get; init; }

    internal required Setting? LogLevel { get; init; }

    internal required bool Children { get; init; }

    internal required string? Libraries { get; init; }

    /// <summary>The program, and what it is started with.</summary>
    internal required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>What the server's environment is to say, by the names that native/preload knows; checked.</summary>
    internal IReadOnlyDictionary<string, string> ToVariables()
    {
        if (Store is null)
        {
            throw ToolException.ForUsage("run needs --store, or OSSCB_STORE in the environment: give memory, sqlite: "
                + "and the path of a file, or redis: and HOST:PORT.");
        }

        StoreUri store = StoreUri.Parse(Store.Value, Store.Source);
        store.ThrowIfNotUnderstood();
        _ = store.KeyFile(KeyFile?.ToFullPath(), "--key-file");
        var variables = new Dictionary<string, string>
        {
            [ServerVariables.Store] = store.SqlitePath is { } path ? $"sqlite:{path}" : Store.Value,
        };
        Add(variables, ServerVariables.KeyFile, KeyFile?.ToFullPath());
        Add(variables, ServerVariables.Farm, Farm is null ? null : CheckedFarm(Farm));
        Add(variables, ServerVariables.Deadline, Deadline is null ? null : CheckedDeadline(Deadline));
        Add(variables, ServerVariables.Log, Log?.Value == "stderr" ? "stderr" : Log?.ToFullPath());
        Add(variables, ServerVariables.LogLevel, LogLevel is null ? null : CheckedLevel(LogLevel));
        Add(variables, ServerVariables.Children, Children ? "1" : null);
        return variables;
    }

    private static void Add(Dictionary<string, string> variables, string name, string? value)
    {
        if (value is not null)
        {
            variables.Add(name, value);
        }
    }

    private static string CheckedFarm(Setting farm) => SessionCacheOptions.ProblemOfFarm(farm.Value) is { } problem
        ? throw ToolException.ForUsage($"{farm.Source} {problem}.")
        : farm.Value;

    private static string CheckedDeadline(Setting deadline) =>
        int.TryParse(deadline.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= LongestDeadline
            ? deadline.Value
            : throw ToolException.ForUsage(
                $"{deadline.Source} {deadline.Value} is not a number of milliseconds from 1 to {LongestDeadline}.");

    private static string CheckedLevel(Setting level) => level.Value is "error" or "warning" or "information"
        ? level.Value
        : throw ToolException.ForUsage($"{level.Source} {level.Value} is none of error, warning and information.");
}
