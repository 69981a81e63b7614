using OpenSslSessionCb;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a hosted session cache on an SQLite file.</summary>
public static class SqliteSessionCacheBuilderExtensions
{
    /// <summary>The store is an SQLite file, which the processes of this machine share. A damaged file stops the start.</summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="path">The file; made when there is none. Its directory must exist.</param>
    /// <param name="options">The bounds; the defaults when null.</param>
    /// <returns>The builder.</returns>
    public static SessionCacheBuilder UseSqlite(this SessionCacheBuilder builder, string path, SqliteSessionStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseStore(_ => SqliteSessionStore.Open(path, options));
    }
}
