namespace OpenSslSessionCb.Native;

/// <summary>Where sessions are kept, as a host's configuration says it.</summary>
internal sealed record StoreUri(string? SqlitePath, string? RedisConfiguration)
{
    private const string SqliteScheme = "sqlite:";
    private const string RedisScheme = "redis:";

    internal static StoreUri Parse(string text)
    {
        if (text == "memory")
        {
            return new StoreUri(null, null);
        }

        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && text.Length > SqliteScheme.Length)
        {
            return new StoreUri(Path.GetFullPath(text[SqliteScheme.Length..]), null);
        }

        if (text.StartsWith(RedisScheme, StringComparison.Ordinal) && text.Length > RedisScheme.Length && text[RedisScheme.Length] != '/')
        {
            return new StoreUri(null, text[RedisScheme.Length..]);
        }

        // What follows a comma may be a password.
        throw new NativeCallException(Status.Argument,
            $"The store {text.Split(',')[0]} is not understood: give memory, sqlite: and the path of a file, or redis: and HOST:PORT.");
    }

    internal ISessionStore Open()
    {
        try
        {
            SqliteLibrary.Resolve();
            return RedisConfiguration is { } redis ? RedisSessionStore.Connect(redis)
                : SqlitePath is { } path ? SqliteSessionStore.Open(path)
                : new MemorySessionStore();
        }
        catch (ArgumentException)
        {
            // Its message may quote a password.
            throw new NativeCallException(Status.Argument, $"The store redis:{RedisConfiguration!.Split(',')[0]} is not understood: "
                + "give redis:HOST:PORT, and after a comma the options of StackExchange.Redis.");
        }
        catch (SessionStoreException exception)
        {
            throw new NativeCallException(Status.Store, exception.Message);
        }
    }
}
