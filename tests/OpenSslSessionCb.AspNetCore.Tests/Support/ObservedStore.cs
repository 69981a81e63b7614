using System.Collections.Concurrent;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>
/// A store in memory that says what happened to it, and can be slow or fail. Out of process, as far as the cache knows, if asked.
/// </summary>
internal sealed class ObservedStore : ISessionStore
{
    private readonly ConcurrentDictionary<SessionStoreKey, byte[]> _records = new();
    private int _gets;

    public SessionStoreTraits Traits { get; init; } = SessionStoreTraits.InProcess;

    internal TimeSpan PutDelay { get; init; }

    internal TimeSpan GetDelay { get; init; }

    internal bool Fails { get; set; }

    internal bool IsDisposed { get; private set; }

    internal int Count => _records.Count;

    internal int Gets => Volatile.Read(ref _gets);

    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _gets);
        await Task.Delay(GetDelay, cancellationToken);
        ThrowIfFailing();
        return _records.GetValueOrDefault(key);
    }

    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public async ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        byte[] copy = record.ToArray();
        await Task.Delay(PutDelay, cancellationToken);
        ThrowIfFailing();
        _records[key] = copy;
    }

    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        _records.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void ThrowIfFailing()
    {
        if (Fails)
        {
            throw new SessionStoreException(SessionStoreFailure.Unavailable, "The store of the test is away.");
        }
    }
}
