using OpenSslSessionCb.Setup;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>The store and the key ring that serve was asked to use, and the cache over them.</summary>
internal sealed class SessionStorage : IAsyncDisposable
{
    // Longer than for a store far away: where a file on this machine is late, the machine is busy, and full handshakes
    // would make it busier.
    private static readonly TimeSpan s_lookupDeadline = TimeSpan.FromMilliseconds(500);

    private readonly SessionKeyRing? _keyRing;

    private SessionStorage(SessionCache cache, SessionKeyRing? keyRing, string? keyRingFile)
    {
        Cache = cache;
        _keyRing = keyRing;
        KeyRingFile = keyRingFile;
    }

    internal SessionCache Cache { get; }

    /// <summary>Null: sessions do not leave this process.</summary>
    internal string? KeyRingFile { get; }

    internal static TimeSpan LookupDeadlineOf(ServeOptions options) =>
        options.LookupDeadline ?? (options.Store.RedisConfiguration is null ? s_lookupDeadline : new SessionCacheOptions().LookupDeadline);

    internal static async Task<SessionStorage> OpenAsync(ServeOptions options)
    {
        string? keyRingFile = options.UsedKeyRingFile;
        SessionKeyRing? keyRing = null;
        ISessionStore? store = null;
        try
        {
            // The ring first: a database without one is of no use, and should not be left behind.
            keyRing = keyRingFile is null ? null : SessionKeyRing.OpenOrCreate(keyRingFile);
            store = options.Store.Open();
            var cache = new SessionCache(store, CacheOptions(options, keyRing));
            await cache.WarmUpAsync();
            return new SessionStorage(cache, keyRing, keyRingFile);
        }
        catch
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            keyRing?.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is queued first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        _keyRing?.Dispose();
    }

    private static SessionCacheOptions CacheOptions(ServeOptions options, SessionKeyRing? keyRing) => new()
    {
        Farm = options.Farm,
        KeyRing = keyRing,
        LookupDeadline = LookupDeadlineOf(options),
        Manage = options.Tickets ? ManagedSettings.All & ~ManagedSettings.Stateful : ManagedSettings.All,
    };
}
