namespace OpenSslSessionCb.Tool.Commands;

/// <summary>Where sessions are kept, as --store says: in this process (no path), or in an SQLite file.</summary>
internal sealed record StoreChoice(string? SqlitePath)
{
    private const string SqliteScheme = "sqlite:";

    internal static StoreChoice Parse(string text)
    {
        if (text == "memory")
        {
            return new StoreChoice((string?)null);
        }

        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text[SqliteScheme.Length..]))
        {
            return new StoreChoice(Path.GetFullPath(text[SqliteScheme.Length..]));
        }

        throw ToolException.ForUsage($"--store {text} is not a store: give memory, or sqlite: and the path of a file.");
    }

    public override string ToString() => SqlitePath is null ? "memory" : SqliteScheme + SqlitePath;
}
