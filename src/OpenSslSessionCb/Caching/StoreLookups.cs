using System.Collections.Concurrent;

namespace OpenSslSessionCb;

/// <summary>
/// Asks the store, and waits no longer than the deadline. Concurrent questions for one key are one question.
/// </summary>
/// <remarks>
/// A store may block, and may never come back: so it is asked on threads of its own and not on libssl's, nor on the
/// pool, whose threads may all be inside libssl, waiting here. A store that has too many answers overdue is not
/// asked until one of them comes.
/// </remarks>
internal sealed class StoreLookups : IDisposable
{
    /// <summary>Enough for a store on this machine; a store over a network does not hold its thread while it waits.</summary>
    private const int Threads = 4;

    /// <summary>How many answers may be overdue before the store is taken to be away.</summary>
    private const int MaxOverdue = 4;

    private readonly ISessionStore _store;
    private readonly TimeSpan _deadline;
    private readonly Action<Exception> _failed;
    private readonly ConcurrentDictionary<SessionStoreKey, PendingLookup> _pending = new();
    private readonly BlockingCollection<(SessionStoreKey Key, PendingLookup Lookup)>? _questions;
    private int _overdue;

    internal StoreLookups(ISessionStore store, TimeSpan deadline, Action<Exception> failed)
    {
        _store = store;
        _deadline = deadline;
        _failed = failed;
        if (store.Traits.HasFlag(SessionStoreTraits.InProcess))
        {
            return;
        }

        _questions = new BlockingCollection<(SessionStoreKey, PendingLookup)>(boundedCapacity: 1024);
        for (int i = 0; i < Threads; i++)
        {
            new Thread(AskAll) { IsBackground = true, Name = "OpenSslSessionCb lookup" }.Start();
        }
    }

    /// <summary>The record if it came in time. Never throws.</summary>
    internal LookupOutcome Get(SessionStoreKey key, out byte[]? record)
    {
        record = null;
        return _questions is null ? GetInProcess(key, out record) : GetInTime(_questions, key, out record);
    }

    /// <summary>Stops the threads; those that a store holds on to end with the process.</summary>
    public void Dispose() => _questions?.CompleteAdding();

    private LookupOutcome GetInProcess(SessionStoreKey key, out byte[]? record)
    {
        record = null;
        try
        {
            ValueTask<byte[]?> answer = _store.GetAsync(key);
            if (!answer.IsCompleted)
            {
                throw new InvalidOperationException($"{_store.GetType().Name} claims InProcess, but did not answer at once.");
            }

            record = answer.GetAwaiter().GetResult();
            return record is null ? LookupOutcome.Absent : LookupOutcome.Found;
        }
        catch (Exception exception)
        {
            _failed(exception);
            return LookupOutcome.Failed;
        }
    }

    private LookupOutcome GetInTime(BlockingCollection<(SessionStoreKey, PendingLookup)> questions, SessionStoreKey key, out byte[]? record)
    {
        record = null;
        if (Volatile.Read(ref _overdue) >= MaxOverdue)
        {
            return LookupOutcome.StoreAway;
        }

        var mine = new PendingLookup();
        PendingLookup lookup = _pending.GetOrAdd(key, mine);
        if (lookup == mine && !TryAsk(questions, key, mine))
        {
            _pending.TryRemove(key, out _);
            mine.Answer(null, failed: true);
            return LookupOutcome.StoreAway;
        }

        if (lookup.TryWait(_deadline, out record, out bool failed))
        {
            return failed ? LookupOutcome.Failed : record is null ? LookupOutcome.Absent : LookupOutcome.Found;
        }

        if (lookup.TrySettle())
        {
            Interlocked.Increment(ref _overdue);
            lookup.Abandon();
        }

        return LookupOutcome.Late;
    }

    private static bool TryAsk(BlockingCollection<(SessionStoreKey, PendingLookup)> questions, SessionStoreKey key, PendingLookup lookup)
    {
        try
        {
            return questions.TryAdd((key, lookup));
        }
        catch (InvalidOperationException)
        {
            // The cache is being disposed of.
            return false;
        }
    }

    private void AskAll()
    {
        foreach ((SessionStoreKey key, PendingLookup lookup) in _questions!.GetConsumingEnumerable())
        {
            // Runs on this thread as far as the store does so; Ask never throws.
            _ = Ask(key, lookup);
        }
    }

    private async Task Ask(SessionStoreKey key, PendingLookup lookup)
    {
        byte[]? record = null;
        bool failed = false;
        try
        {
            record = await _store.GetAsync(key, lookup.Cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failed = true;
            if (exception is not OperationCanceledException)
            {
                _failed(exception);
            }
        }

        // Out of the dictionary first: who asks from now on asks anew.
        _pending.TryRemove(new KeyValuePair<SessionStoreKey, PendingLookup>(key, lookup));
        lookup.Answer(record, failed);
        if (lookup.TrySettle())
        {
            lookup.Dispose();
        }
        else
        {
            Interlocked.Decrement(ref _overdue);
        }
    }
}
