using System.Collections.Concurrent;

namespace OpenSslSessionCb;

/// <summary>A bounded store in this process's memory. Nothing is shared with other processes, and nothing outlives this one.</summary>
/// <remarks>
/// Every member completes before it returns and may be called from any thread. Readers take no lock; writers
/// lock one of the dictionary's stripes. When a bound is reached, a record that was not read since it last came up
/// for eviction goes first, roughly the oldest (second chance). A record that leaves the store is overwritten with zeros.
/// What was put is returned whole, also where it is longer than <see cref="SessionStoreRecord.MaxLength"/>: nobody but this process puts.
/// </remarks>
public sealed class MemorySessionStore : ISessionStore
{
    // BitFaster.Caching was weighed for this and is not used: its caches are bounded by count but not by bytes, their
    // expiry has a clock of its own and no TimeProvider, and taking an exact record needs a dictionary anyway.
    private readonly ConcurrentDictionary<SessionStoreKey, MemoryRecord> _records = new();
    private readonly EvictionClock _evictionClock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweepTimer;
    private readonly int _maxRecords;
    private readonly long _maxBytes;
    private long _count;
    private long _bytes;
    private volatile bool _disposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">The bounds; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MemorySessionStore(MemorySessionStoreOptions? options = null)
    {
        options ??= new MemorySessionStoreOptions();
        options.Validate();
        _maxRecords = options.MaxRecords;
        _maxBytes = options.MaxBytes;
        _time = options.TimeProvider;
        _sweepTimer = _time.CreateTimer(
            SweepIfAlive, new WeakReference<MemorySessionStore>(this), options.SweepInterval, options.SweepInterval);
    }

    /// <inheritdoc/>
    public SessionStoreTraits Traits => SessionStoreTraits.InProcess | SessionStoreTraits.AtomicTake;

    /// <summary>How many records are kept now, expired ones that were not swept yet among them.</summary>
    public int Count => (int)Volatile.Read(ref _count);

    /// <summary>How many bytes these records have together.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<byte[]?>(cancellationToken);
        }

        if (!_records.TryGetValue(key, out MemoryRecord? record))
        {
            return default;
        }

        if (IsExpired(record))
        {
            Drop(key, record);
            return default;
        }

        return new ValueTask<byte[]?>(record.TryCopy());
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<byte[]?>(cancellationToken);
        }

        // The dictionary lets one caller remove it; that one has it.
        if (!_records.TryRemove(key, out MemoryRecord? record))
        {
            return default;
        }

        bool expired = IsExpired(record);
        Forget(record);
        byte[] bytes = record.Detach();
        if (expired)
        {
            Array.Clear(bytes);
            return default;
        }

        return new ValueTask<byte[]?>(bytes);
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PutArguments.Check(record, lifetime);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (record.Length > _maxBytes)
        {
            // It would push out everything else and then itself. What it replaces must go all the same.
            return RemoveAsync(key, CancellationToken.None);
        }

        Insert(new MemoryRecord(key, record.Span, ExpiryOf(lifetime)));
        while (Volatile.Read(ref _count) > _maxRecords || Volatile.Read(ref _bytes) > _maxBytes)
        {
            if (!_evictionClock.TryNext(_time.GetTimestamp(), out MemoryRecord? victim))
            {
                break;
            }

            Drop(victim.Key, victim);
        }

        if (_disposed)
        {
            // DisposeAsync may have looked before this record was there.
            Clear();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (_records.TryRemove(key, out MemoryRecord? record))
        {
            Forget(record);
            record.Wipe();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Wipes every record. Calls made later throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        Clear();
        return _sweepTimer.DisposeAsync();
    }

    private void Insert(MemoryRecord added)
    {
        // Counted before it can be seen: whoever removes it next subtracts, and the sum must not fall below zero.
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, added.Length);
        while (!_records.TryAdd(added.Key, added))
        {
            if (_records.TryGetValue(added.Key, out MemoryRecord? replaced) && _records.TryUpdate(added.Key, added, replaced))
            {
                Forget(replaced);
                replaced.Wipe();
                break;
            }
        }

        _evictionClock.Add(added);
    }

    /// <summary>Removes this very record; one that was put under the same key since then stays.</summary>
    private void Drop(SessionStoreKey key, MemoryRecord record)
    {
        if (_records.TryRemove(KeyValuePair.Create(key, record)))
        {
            Forget(record);
            record.Wipe();
        }
    }

    private void Forget(MemoryRecord record)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -record.Length);
        _evictionClock.Forget();
    }

    private void Clear()
    {
        foreach ((SessionStoreKey key, MemoryRecord record) in _records)
        {
            Drop(key, record);
        }
    }

    private static void SweepIfAlive(object? store)
    {
        // Weak, so that a store which nobody disposed can be collected: a timer keeps its state alive.
        if (((WeakReference<MemorySessionStore>)store!).TryGetTarget(out MemorySessionStore? alive))
        {
            alive.Sweep();
        }
    }

    private void Sweep()
    {
        foreach ((SessionStoreKey key, MemoryRecord record) in _records)
        {
            if (IsExpired(record))
            {
                Drop(key, record);
            }
        }
    }

    private bool IsExpired(MemoryRecord record) => record.ExpiresAt <= _time.GetTimestamp();

    private long ExpiryOf(TimeSpan lifetime)
    {
        double ticks = lifetime.TotalSeconds * _time.TimestampFrequency;
        long now = _time.GetTimestamp();
        return ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
    }
}
