namespace OpenSslSessionCb;

/// <summary>
/// Where a <see cref="RedisSessionStore"/> keeps its records. Read once, when it is made. Give all nodes of a farm the same.
/// </summary>
public sealed class RedisSessionStoreOptions
{
    /// <summary>
    /// What every key begins with: 1 to 64 characters of ASCII, no spaces; <c>osscb:</c> unless set. After it come 64 hex
    /// digits. With a hash tag in it (<c>{…}</c>) all records of a cluster lie on one node; with other braces a cluster cannot take.
    /// </summary>
    public string KeyPrefix { get; set; } = "osscb:";

    /// <summary>The number of the database, 0 or more; -1, unless set: the one that the connection names. A cluster has only 0.</summary>
    public int Database { get; set; } = -1;

    /// <summary>The options as given, or the defaults.</summary>
    internal static RedisSessionStoreOptions Valid(RedisSessionStoreOptions? given)
    {
        RedisSessionStoreOptions options = given ?? new RedisSessionStoreOptions();
        ArgumentNullException.ThrowIfNull(options.KeyPrefix);
        if (options.KeyPrefix.Length is 0 or > 64 || options.KeyPrefix.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            throw new ArgumentException(
                "RedisSessionStoreOptions.KeyPrefix must have 1 to 64 characters of ASCII, and no spaces.", nameof(given));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.Database, -1);
        return options;
    }
}
