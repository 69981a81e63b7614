using System.Collections.Concurrent;

namespace OpenSslSessionCb;

/// <summary>
/// Sessions that were removed a moment ago: a lookup that is under way, or a store that has not heard of the removal yet, must not
/// bring them back.
/// </summary>
/// <remarks>
/// Two generations bound how many there are; each entry knows its own time. A flood may push an entry out early: such
/// a lookup may bring its session back then. Any thread; nothing is locked but a dictionary.
/// </remarks>
internal sealed class RemovedSessions(TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private const int GenerationCapacity = 8192;

    private volatile Generation? _young;
    private volatile Generation? _old;

    /// <summary>False: it is there already.</summary>
    internal bool TryAdd(SslSessionId id)
    {
        if (Contains(id))
        {
            return false;
        }

        long now = clock.GetTimestamp();
        Generation? young = _young;
        if (young is null || young.Count >= GenerationCapacity || clock.GetElapsedTime(young.Began, now) > Lifetime)
        {
            // The old one first: who looks between the two finds the young one twice, and none never.
            _old = young;
            _ = Interlocked.CompareExchange(ref _young, new Generation(now), young);
            young = _young!;
        }

        // Where its time was over it may be there still.
        return young.TryAdd(id, now) || (young.Find(id) is { } then && !IsFresh(then) && young.TryRenew(id, then, now));
    }

    internal bool Contains(SslSessionId id) =>
        _young is { } young && (IsFresh(young.Find(id)) || (_old is { } old && IsFresh(old.Find(id))));

    private bool IsFresh(long? added) => added is { } then && clock.GetElapsedTime(then) < Lifetime;

    private sealed class Generation(long began)
    {
        private readonly ConcurrentDictionary<SslSessionId, long> _ids = new();
        private int _count;

        internal long Began { get; } = began;

        // The dictionary's own takes all of its locks.
        internal int Count => Volatile.Read(ref _count);

        internal long? Find(SslSessionId id) => _ids.TryGetValue(id, out long added) ? added : null;

        internal bool TryAdd(SslSessionId id, long now)
        {
            if (!_ids.TryAdd(id, now))
            {
                return false;
            }

            Interlocked.Increment(ref _count);
            return true;
        }

        internal bool TryRenew(SslSessionId id, long then, long now) => _ids.TryUpdate(id, now, then);
    }
}
