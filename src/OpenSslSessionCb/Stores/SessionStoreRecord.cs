namespace OpenSslSessionCb;

/// <summary>What holds for every record that the cache puts into an <see cref="ISessionStore"/>.</summary>
public static class SessionStoreRecord
{
    /// <summary>
    /// The cache puts no record that is longer, in bytes, and believes none: 131,072, about twice the longest there is today, which
    /// leaves room for a client's certificate with large keys and for those that issued it.
    /// </summary>
    public const int MaxLength = 128 * 1024;
}
