using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// Decoded sessions that this process has at hand. A hit is a copy (SSL_SESSION_dup, 0.2 µs) and no decoding
/// (d2i_SSL_SESSION, 2 µs, and over 100 µs with a client certificate on 3.0), allocates nothing and takes no lock.
/// </summary>
internal sealed class NearCache : IDisposable
{
    private readonly FastConcurrentLru<SslSessionId, NearCacheEntry>? _entries;

    private readonly SessionKeyRing? _keyRing;

    /// <param name="capacity">0: it keeps nothing.</param>
    /// <param name="keyRing">Whose sessions are kept: with another ring they are gone. Null: there is none.</param>
    internal NearCache(int capacity, SessionKeyRing? keyRing = null)
    {
        _keyRing = keyRing;
        if (capacity == 0)
        {
            return;
        }

        // The least that the three queues of this LRU can be made of.
        _entries = new FastConcurrentLru<SslSessionId, NearCacheEntry>(Math.Max(3, capacity));
    }

    internal bool IsUsed => _entries is not null;

    /// <summary>The number of the ring of this moment, to be taken before a session is looked for.</summary>
    internal long Ring => _keyRing?.IndexNumber ?? 0;

    internal int Count => _entries?.Count ?? 0;

    /// <summary>The entry of a session; null: there is none, its time is over, or it is another ring's.</summary>
    internal NearCacheEntry? Find(SslSessionId id, long nowUnixMilliseconds)
    {
        if (_entries is null || !_entries.TryGet(id, out NearCacheEntry? entry))
        {
            return null;
        }

        if (entry.ExpiresUnixMilliseconds > nowUnixMilliseconds && entry.Ring == Ring)
        {
            return entry;
        }

        _entries.TryRemove(id);
        return null;
    }

    /// <summary>Keeps a session. The entry, which the LRU disposes of when it goes, takes a reference of its own to it.</summary>
    internal void Put(SslSessionId id, SessionPrototype session, byte[] isolationContext, long expiresUnixMilliseconds, long ring)
    {
        if (_entries is not null && session.TryShare())
        {
            _entries.AddOrUpdate(id, new NearCacheEntry(session, isolationContext, expiresUnixMilliseconds, ring));
        }
    }

    /// <summary>Whether it was there.</summary>
    internal bool Remove(SslSessionId id) => _entries is not null && _entries.TryRemove(id);

    public void Dispose() => _entries?.Clear();
}
