using System.Collections.Concurrent;

namespace OpenSslSessionCb.SlowStoreNode;

/// <summary>
/// Answers after so long, and holds no thread meanwhile: as a store over a network does. Memory, but the cache does not know.
/// </summary>
internal sealed class SlowStore(TimeSpan delay) : ISessionStore
{
    private readonly ConcurrentDictionary<SessionStoreKey, byte[]> _records = new();
    private int _waiting;
    private int _mostWaiting;

    public SessionStoreTraits Traits => SessionStoreTraits.None;

    internal int Count => _records.Count;

    /// <summary>How many questions waited for their answers at once, at most.</summary>
    internal int MostWaiting => Volatile.Read(ref _mostWaiting);

    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        int waiting = Interlocked.Increment(ref _waiting);
        for (int most = MostWaiting; waiting > most; most = MostWaiting)
        {
            Interlocked.CompareExchange(ref _mostWaiting, waiting, most);
        }

        await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref _waiting);
        return _records.GetValueOrDefault(key);
    }

    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        _records[key] = record.ToArray();
        return default;
    }

    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        _records.TryRemove(key, out _);
        return default;
    }

    public ValueTask DisposeAsync() => default;
}
