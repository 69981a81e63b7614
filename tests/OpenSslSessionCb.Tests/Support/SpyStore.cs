using System.Collections.Concurrent;

namespace OpenSslSessionCb.Tests;

/// <summary>A store in memory that shows what was put, and that can be told to misbehave.</summary>
internal sealed class SpyStore : ISessionStore
{
    private readonly SemaphoreSlim _written = new(0);
    private int _gets;
    private int _removals;

    public ConcurrentDictionary<SessionStoreKey, byte[]> Records { get; } = new();

    public SessionStoreTraits Traits { get; init; } = SessionStoreTraits.AtomicTake;

    /// <summary>What a get answers in place of the record.</summary>
    public Func<SessionStoreKey, byte[]?, byte[]?>? Tamper { get; set; }

    /// <summary>What every get waits for before it answers.</summary>
    public Func<Task>? Before { get; set; }

    /// <summary>What every put waits for.</summary>
    public Func<Task>? BeforePut { get; set; }

    public int Gets => Volatile.Read(ref _gets);

    /// <summary>How often it was told to remove something.</summary>
    public int Removals => Volatile.Read(ref _removals);

    public bool IsDisposed { get; private set; }

    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _gets);
        if (Before is { } before)
        {
            await before();
        }

        byte[]? record = Records.TryGetValue(key, out byte[]? found) ? [.. found] : null;
        return Tamper is { } tamper ? tamper(key, record) : record;
    }

    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        new(Records.TryRemove(key, out byte[]? found) ? found : null);

    public async ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        if (BeforePut is { } before)
        {
            await before().WaitAsync(cancellationToken);
        }

        Records[key] = record.ToArray();
        _written.Release();
    }

    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        Records.TryRemove(key, out _);
        Interlocked.Increment(ref _removals);
        _written.Release();
        return default;
    }

    /// <summary>Waits until so many more changes have arrived.</summary>
    public async Task WaitForWrites(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!await _written.WaitAsync(Eventually.Patience))
            {
                throw new TimeoutException($"Only {i} of {count} changes reached the store within {Eventually.Patience.TotalSeconds} s.");
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
