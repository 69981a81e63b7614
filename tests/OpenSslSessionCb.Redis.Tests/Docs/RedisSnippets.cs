using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>The code of docs/redis.md, so that it compiles. RedisDocumentTests compares the two texts.</summary>
internal static class RedisSnippets
{
    internal static async Task Farm(nint sslCtx)
    {
        using SessionKeyRing keys = SessionKeyRing.OpenOrCreate("/etc/myapp/sessions.key");
        RedisSessionStore store = RedisSessionStore.Connect("redis.internal:6379");
        await using var cache = new SessionCache(store, new SessionCacheOptions { Farm = "shop", KeyRing = keys });
        using SessionCacheAttachment attachment = cache.Attach(sslCtx);
    }

    internal static async Task OwnConnection(IConnectionMultiplexer multiplexer)
    {
        await using var store = new RedisSessionStore(multiplexer);
    }

    internal static ISessionStore DistributedCache(IDistributedCache distributedCache)
    {
        var store = new DistributedCacheSessionStore(distributedCache);
        return store;
    }
}
