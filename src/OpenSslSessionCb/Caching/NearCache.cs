using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// Decoded sessions that this process has at hand. A hit is a copy (SSL_SESSION_dup, 0.2 µs) and no decoding
/// (d2i_SSL_SESSION, 2 µs, and over 100 µs with a client certificate on 3.0), allocates nothing and takes no lock.
/// </summary>
internal sealed class NearCache : IDisposable
{
    private readonly FastConcurrentLru<SslSessionId, NearCacheEntry>? _entries;

    internal NearCache(int capacity)
    {
        if (capacity == 0)
        {
            return;
        }

        // The least that the three queues of this LRU can be made of.
        _entries = new FastConcurrentLru<SslSessionId, NearCacheEntry>(Math.Max(3, capacity));
    }

    internal int Count => _entries?.Count ?? 0;

    /// <summary>A copy for libssl to own, or 0.</summary>
    /// <param name="ssl">The connection that asks.</param>
    /// <param name="id">What the client asks for.</param>
    /// <param name="hostName">Whom the client asks: a session made under another name is not seen.</param>
    /// <param name="isolationContext">The asking context's: an entry of another is not seen.</param>
    /// <param name="nowUnixMilliseconds">The time.</param>
    internal nint TryDuplicate(SslRef ssl, SslSessionId id, ReadOnlySpan<byte> hostName, byte[] isolationContext, long nowUnixMilliseconds)
    {
        if (_entries is null || !_entries.TryGet(id, out NearCacheEntry? entry))
        {
            return 0;
        }

        if (entry.ExpiresUnixMilliseconds <= nowUnixMilliseconds)
        {
            _entries.TryRemove(id);
            return 0;
        }

        return entry.IsOf(isolationContext) ? entry.Session.TryDuplicate(ssl, hostName) : 0;
    }

    /// <summary>Whether a session is at hand, so that nobody need be asked.</summary>
    internal bool Has(SslSessionId id, byte[] isolationContext, long nowUnixMilliseconds) =>
        _entries is not null && _entries.TryGet(id, out NearCacheEntry? entry)
            && entry.ExpiresUnixMilliseconds > nowUnixMilliseconds && entry.IsOf(isolationContext);

    /// <summary>Keeps a session. The entry, which the LRU disposes of when it goes, takes a reference of its own to it.</summary>
    internal void Put(SslSessionId id, SessionPrototype session, byte[] isolationContext, long expiresUnixMilliseconds)
    {
        if (_entries is not null && session.TryShare())
        {
            _entries.AddOrUpdate(id, new NearCacheEntry(session, isolationContext, expiresUnixMilliseconds));
        }
    }

    internal void Remove(SslSessionId id) => _entries?.TryRemove(id);

    public void Dispose() => _entries?.Clear();
}
