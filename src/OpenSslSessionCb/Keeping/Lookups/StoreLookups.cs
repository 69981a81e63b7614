using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>
/// Asks the store, and waits no longer than the deadline. Concurrent questions for one key are one question; a store that
/// fails or is late too often is left alone for a while.
/// </summary>
/// <remarks>
/// A store may block, and may never come back: so it is asked on threads of its own and not on libssl's, nor on the
/// pool, whose threads may all be inside libssl, waiting here.
/// </remarks>
internal sealed class StoreLookups : IDisposable
{
    /// <summary>Enough for a store on this machine; a store over a network does not hold its thread while it waits.</summary>
    private const int Threads = 4;

    private readonly ISessionStore _store;
    private readonly TimeSpan _deadline;
    private readonly StoreBreaker _breaker;
    private readonly LookupListener _listener;
    private readonly LookedAheadAnswers _lookedAhead;
    private readonly ConcurrentDictionary<SessionStoreKey, PendingLookup> _pending = new();
    private readonly BlockingCollection<(SessionStoreKey Key, PendingLookup Lookup)>? _questions;

    internal StoreLookups(ISessionStore store, SessionCacheOptions options, LookupListener listener)
    {
        _store = store;
        _deadline = options.LookupDeadline;
        _listener = listener;
        _breaker = new StoreBreaker(options.Breaker, options.TimeProvider, listener.StoreIsAway);
        _lookedAhead = new LookedAheadAnswers(options.TimeProvider);
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

    /// <summary>Whether the store is left alone at present.</summary>
    internal bool IsBreakerOpen => _breaker.IsOpen;

    /// <summary>Whether asking may mean waiting, so that it pays to ask ahead.</summary>
    internal bool MayWait => _questions is not null;

    /// <summary>
    /// The record if it came in time. Never throws. Blocks for the deadline at most, and not at all
    /// where the answer is known ahead.
    /// </summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="deadline">What is left of the handshake's; none: the store is not asked.</param>
    internal LookupAnswer Get(SessionStoreKey key, TimeSpan deadline)
    {
        if (_questions is null)
        {
            return GetInProcess(key);
        }

        if (_lookedAhead.TryGet(key, out LookupAnswer known))
        {
            return known;
        }

        return deadline > TimeSpan.Zero
            ? _breaker.Ask((Self: this, Key: key, Deadline: deadline), static asked => asked.Self.Wait(asked.Key, asked.Deadline))
            : new LookupAnswer(LookupOutcome.Late);
    }

    /// <summary>Whether libssl may ask for the key now without waiting for the store.</summary>
    internal bool IsKnownAhead(SessionStoreKey key) => _lookedAhead.TryGet(key, out _);

    /// <summary>
    /// Asks now what libssl will ask soon, and keeps the answer for it, whichever it is. Never throws, and ends with the deadline.
    /// </summary>
    internal async Task AskAheadAsync(SessionStoreKey key)
    {
        if (MayWait && !IsKnownAhead(key))
        {
            LookupAnswer answer = await _breaker.AskAsync((Self: this, Key: key), static asked => asked.Self.WaitAsync(asked.Key))
                .ConfigureAwait(false);
            _lookedAhead.Keep(key, answer);
        }
    }

    /// <summary>Whether answers are kept that may have to be forgotten.</summary>
    internal bool KnowsAnything => _lookedAhead.IsUsed;

    /// <summary>What was known ahead is not so any more.</summary>
    internal void Forget(SessionStoreKey key) => _lookedAhead.Forget(key);

    /// <summary>Stops the threads; those that a store holds on to end with the process.</summary>
    public void Dispose() => _questions?.CompleteAdding();

    [SuppressMessage("ApiDesign", "RS0030", Justification = "The answer is there: that was asked for just before.")]
    private LookupAnswer GetInProcess(SessionStoreKey key)
    {
        long start = Stopwatch.GetTimestamp();
        LookupAnswer said;
        try
        {
            ValueTask<byte[]?> answer = _store.GetAsync(key);
            if (!answer.IsCompleted)
            {
                throw new InvalidOperationException($"{_store.GetType().Name} claims InProcess, but did not answer at once.");
            }

            said = LookupAnswer.Of(answer.GetAwaiter().GetResult());
        }
        catch (Exception exception)
        {
            _listener.Failed(exception);
            said = new LookupAnswer(LookupOutcome.Failed);
        }

        _listener.Answered(said.Outcome, start);
        return said;
    }

    private LookupAnswer Wait(SessionStoreKey key, TimeSpan deadline)
    {
        long start = Stopwatch.GetTimestamp();
        PendingLookup? lookup = Question(key);
        LookupAnswer answer = lookup?.Wait(deadline) ?? new LookupAnswer(LookupOutcome.StoreAway);
        End(key, lookup, answer, start);
        return answer;
    }

    private async ValueTask<LookupAnswer> WaitAsync(SessionStoreKey key)
    {
        long start = Stopwatch.GetTimestamp();
        PendingLookup? lookup = Question(key);
        LookupAnswer answer = lookup is null
            ? new LookupAnswer(LookupOutcome.StoreAway)
            : await lookup.WaitAsync(_deadline).ConfigureAwait(false);
        End(key, lookup, answer, start);
        return answer;
    }

    private void End(SessionStoreKey key, PendingLookup? lookup, LookupAnswer answer, long start)
    {
        if (answer.Outcome == LookupOutcome.Late && lookup is not null)
        {
            // The answer may never come; who asks next asks anew.
            _pending.TryRemove(new KeyValuePair<SessionStoreKey, PendingLookup>(key, lookup));
        }

        _listener.Answered(answer.Outcome, start);
    }

    /// <summary>
    /// The question about a key: the one that is under way, or a new one. Null: too many wait, or the cache is being disposed of.
    /// </summary>
    private PendingLookup? Question(SessionStoreKey key)
    {
        var mine = new PendingLookup();
        PendingLookup lookup = _pending.GetOrAdd(key, mine);
        if (lookup != mine)
        {
            mine.Dispose();
            return lookup;
        }

        try
        {
            if (_questions!.TryAdd((key, mine)))
            {
                return mine;
            }
        }
        catch (InvalidOperationException)
        {
            // The cache is being disposed of.
        }

        // Others may wait for it already.
        _pending.TryRemove(new KeyValuePair<SessionStoreKey, PendingLookup>(key, mine));
        mine.Answer(new LookupAnswer(LookupOutcome.StoreAway));
        return null;
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
        LookupAnswer answer = new(LookupOutcome.Late);
        if (!lookup.IsAbandoned)
        {
            try
            {
                answer = LookupAnswer.Of(await _store.GetAsync(key, lookup.Cancellation).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                answer = new LookupAnswer(LookupOutcome.Failed);
                if (exception is not OperationCanceledException)
                {
                    _listener.Failed(exception);
                }
            }
        }

        // Out of the dictionary first: who asks from now on asks anew.
        _pending.TryRemove(new KeyValuePair<SessionStoreKey, PendingLookup>(key, lookup));
        lookup.Answer(answer);
        if (lookup.TrySettle())
        {
            lookup.Dispose();
        }
    }
}
