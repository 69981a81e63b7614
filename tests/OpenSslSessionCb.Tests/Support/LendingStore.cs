using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tests;

/// <summary>A store that remembers the very arrays that it was given, and that it gave out, to see what becomes of them.</summary>
internal sealed class LendingStore(SessionStoreTraits traits) : ISessionStore
{
    private readonly ConcurrentDictionary<SessionStoreKey, byte[]> _records = new();

    public ConcurrentQueue<byte[]> Given { get; } = new();

    public ConcurrentQueue<byte[]> GaveOut { get; } = new();

    public SessionStoreTraits Traits => traits;

    public ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        byte[]? record = _records.TryGetValue(key, out byte[]? found) ? [.. found] : null;
        if (record is not null)
        {
            GaveOut.Enqueue(record);
        }

        return new ValueTask<byte[]?>(record);
    }

    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        _records[key] = record.ToArray();
        MemoryMarshal.TryGetArray(record, out ArraySegment<byte> segment);
        Given.Enqueue(segment.Array!);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        _records.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
