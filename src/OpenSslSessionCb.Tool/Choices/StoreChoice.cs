namespace OpenSslSessionCb.Tool.Choices;

/// <summary>Where sessions are kept, as --store says: in this process (neither), in an SQLite file, or in a Redis.</summary>
/// <param name="SqlitePath">The database.</param>
/// <param name="RedisConfiguration">Its servers, and the options of StackExchange.Redis.</param>
/// <param name="Source">What said so, for a sentence.</param>
internal sealed record StoreChoice(string? SqlitePath, string? RedisConfiguration, string Source = StoreChoice.Option)
{
    private const string Option = "--store";
    private const string SqliteScheme = "sqlite:";
    private const string RedisScheme = "redis:";

    internal static StoreChoice Parse(string text, string source = Option)
    {
        if (text == "memory")
        {
            return new StoreChoice(null, null, source);
        }

        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text[SqliteScheme.Length..]))
        {
            return new StoreChoice(Path.GetFullPath(text[SqliteScheme.Length..]), null, source);
        }

        string redis = text.StartsWith(RedisScheme, StringComparison.Ordinal) ? text[RedisScheme.Length..] : "";
        if (!string.IsNullOrWhiteSpace(redis) && !redis.StartsWith('/'))
        {
            return new StoreChoice(null, redis, source);
        }

        throw ToolException.ForUsage(
            $"{source} {WithoutOptions(text)} is not a store: give memory, sqlite: and the path of a file, or redis: and HOST:PORT.");
    }

    /// <summary>Whether StackExchange.Redis will make something of its options, without connecting.</summary>
    internal void ThrowIfNotUnderstood()
    {
        try
        {
            _ = RedisConfiguration is null ? null : global::OpenSslSessionCb.RedisConfiguration.Parse(RedisConfiguration);
        }
        catch (ArgumentException)
        {
            throw NotUnderstood();
        }
    }

    /// <summary>In place of the exception that says why: it may quote a password.</summary>
    internal ToolException NotUnderstood() =>
        ToolException.ForUsage(
            $"{Source} {this} is not understood: give redis:HOST:PORT, and after a comma what StackExchange.Redis has for options.");

    /// <summary>Without what follows the servers of a Redis: a password may be among it.</summary>
    public override string ToString() =>
        SqlitePath is not null ? SqliteScheme + SqlitePath
        : RedisConfiguration is not null ? RedisScheme + WithoutOptions(RedisConfiguration)
        : "memory";

    private static string WithoutOptions(string text) =>
        string.Join(',', text.Split(',').Where(static part => !part.Contains('=', StringComparison.Ordinal)));
}
