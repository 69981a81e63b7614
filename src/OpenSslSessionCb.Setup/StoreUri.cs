namespace OpenSslSessionCb.Setup;

/// <summary>
/// Where sessions are kept, as a command line, a variable or a C program says it: <c>memory</c>, <c>sqlite:PATH</c>, or
/// <c>redis:HOST:PORT</c> and after a comma the options of StackExchange.Redis.
/// </summary>
internal sealed record StoreUri
{
    private const string SqliteScheme = "sqlite:";
    private const string RedisScheme = "redis:";

    private readonly string _source;

    private StoreUri(string source, string? sqlitePath = null, string? redisConfiguration = null)
    {
        _source = source;
        SqlitePath = sqlitePath;
        RedisConfiguration = redisConfiguration;
    }

    /// <summary>The database, as a full path; null: it is another kind of store.</summary>
    internal string? SqlitePath { get; }

    /// <summary>Servers and options, a password perhaps among them; null: it is another kind of store.</summary>
    internal string? RedisConfiguration { get; }

    /// <param name="text">What was said.</param>
    /// <param name="source">What said so, to begin a sentence with.</param>
    /// <exception cref="SetupException">It is none of the three.</exception>
    internal static StoreUri Parse(string text, string source)
    {
        if (text == "memory")
        {
            return new StoreUri(source);
        }

        if (After(SqliteScheme, text) is { } path)
        {
            return new StoreUri(source, sqlitePath: Path.GetFullPath(path));
        }

        if (After(RedisScheme, text) is { } redis && !redis.StartsWith('/'))
        {
            return new StoreUri(source, redisConfiguration: redis);
        }

        throw new SetupException($"{source} {WithoutOptions(text)} is not understood: "
            + "give memory, sqlite: and the path of a file, or redis: and HOST:PORT.");
    }

    /// <summary>The key file that goes with it: the one that was given, or one beside the database; null: none is needed.</summary>
    /// <param name="given">Null: none was.</param>
    /// <param name="wanted">What a person is to set where one is needed.</param>
    /// <exception cref="SetupException">One is needed: the store may be another machine's, and its other nodes have the file.</exception>
    internal string? KeyFile(string? given, string wanted) =>
        given is not null ? Path.GetFullPath(given)
        : SqlitePath is not null ? SqlitePath + ".key"
        : RedisConfiguration is null ? null
        : throw new SetupException($"{_source} redis: goes with {wanted}: sessions leave this process sealed, "
            + "and all who share them need a copy of the same key file.", isAboutKeys: true);

    /// <summary>Whether StackExchange.Redis makes something of its options, without connecting.</summary>
    /// <exception cref="SetupException">It does not.</exception>
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

    /// <exception cref="SetupException">The options of a Redis are not understood.</exception>
    /// <exception cref="SessionStoreException">The file cannot be opened.</exception>
    internal ISessionStore Open()
    {
        try
        {
            return RedisConfiguration is not null ? RedisSessionStore.Connect(RedisConfiguration)
                : SqlitePath is not null ? SqliteSessionStore.Open(SqlitePath)
                : new MemorySessionStore();
        }
        catch (ArgumentException) when (RedisConfiguration is not null)
        {
            throw NotUnderstood();
        }
    }

    /// <summary>Without the options of a Redis: a password may be among them.</summary>
    public override string ToString() =>
        SqlitePath is not null ? SqliteScheme + SqlitePath
        : RedisConfiguration is not null ? RedisScheme + WithoutOptions(RedisConfiguration)
        : "memory";

    private static string? After(string scheme, string text) =>
        text.StartsWith(scheme, StringComparison.Ordinal) && text[scheme.Length..] is var rest && !string.IsNullOrWhiteSpace(rest)
            ? rest
            : null;

    private static string WithoutOptions(string text) =>
        string.Join(',', text.Split(',').Where(static part => !part.Contains('=', StringComparison.Ordinal)));

    /// <summary>In place of the exception that says why: it may quote a password.</summary>
    private SetupException NotUnderstood() =>
        new($"{_source} {this} is not understood: give redis:HOST:PORT, and after a comma the options of StackExchange.Redis.");
}
