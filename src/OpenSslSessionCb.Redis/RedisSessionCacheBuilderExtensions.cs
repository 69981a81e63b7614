using OpenSslSessionCb;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a hosted session cache on Redis, Valkey or Garnet.</summary>
public static class RedisSessionCacheBuilderExtensions
{
    /// <summary>
    /// The store is a server that the machines of a farm share, with a connection of the store's own.
    /// The app starts without it, too.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configuration">As StackExchange.Redis has it:
    /// <c>redis.internal:6379,user=sessions,password=…,ssl=true</c>. One that is not understood stops the start.</param>
    /// <param name="options">Where the records lie; the defaults when null.</param>
    /// <returns>The builder.</returns>
    public static SessionCacheBuilder UseRedis(
        this SessionCacheBuilder builder, string configuration, RedisSessionStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.UseStore(_ => RedisSessionStore.Connect(configuration, options));
    }

    /// <summary>The store is a server that the machines of a farm share, over the app's own connection, which stays the app's.</summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="connection">Called once, when the host starts.</param>
    /// <param name="options">Where the records lie; the defaults when null.</param>
    /// <returns>The builder.</returns>
    public static SessionCacheBuilder UseRedis(this SessionCacheBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> connection,
        RedisSessionStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connection);
        return builder.UseStore(services => new RedisSessionStore(connection(services), options));
    }
}
