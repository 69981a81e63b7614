using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// Which sessions this process has announced or given out lately: those that an alert may remove. As many as the near cache has room
/// for, which knows them anyway; 10,000 where there is none.
/// </summary>
internal sealed class AnnouncedSessions(NearCache near)
{
    private const int Capacity = 10_000;

    private readonly FastConcurrentLru<SslSessionId, bool>? _ids = near.IsUsed ? null : new(Capacity);

    internal void Add(SslSessionId id) => _ids?.AddOrUpdate(id, true);

    /// <summary>True once for each session.</summary>
    internal bool TryRemove(SslSessionId id) => _ids is null ? near.Remove(id) : _ids.TryRemove(id);
}
