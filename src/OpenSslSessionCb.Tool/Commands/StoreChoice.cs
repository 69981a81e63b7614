namespace OpenSslSessionCb.Tool.Commands;

/// <summary>Where sessions are kept, as --store says: in this process (neither), in an SQLite file, or in a Redis.</summary>
internal sealed record StoreChoice(string? SqlitePath, string? RedisConfiguration)
{
    private const string SqliteScheme = "sqlite:";
    private const string RedisScheme = "redis:";

    internal static StoreChoice Parse(string text)
    {
        if (text == "memory")
        {
            return new StoreChoice(null, null);
        }

        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text[SqliteScheme.Length..]))
        {
            return new StoreChoice(Path.GetFullPath(text[SqliteScheme.Length..]), null);
        }

        string redis = text.StartsWith(RedisScheme, StringComparison.Ordinal) ? text[RedisScheme.Length..] : "";
        if (!string.IsNullOrWhiteSpace(redis) && !redis.StartsWith('/'))
        {
            return new StoreChoice(null, redis);
        }

        throw ToolException.ForUsage($"--store {WithoutOptions(text)} is not a store: give memory, sqlite: and the path of a file, or redis: and HOST:PORT.");
    }

    /// <summary>Without what follows the servers of a Redis: a password may be among it.</summary>
    public override string ToString() =>
        SqlitePath is not null ? SqliteScheme + SqlitePath
        : RedisConfiguration is not null ? RedisScheme + WithoutOptions(RedisConfiguration)
        : "memory";

    private static string WithoutOptions(string text) =>
        string.Join(',', text.Split(',').Where(static part => !part.Contains('=', StringComparison.Ordinal)));
}
