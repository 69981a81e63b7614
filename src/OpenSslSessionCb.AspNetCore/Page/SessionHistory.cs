namespace OpenSslSessionCb;

/// <summary>
/// Hits, misses and the store's latency of the last three minutes, in slots of five seconds. It looks once a second while somebody
/// watches, and rests when nobody has for three minutes.
/// </summary>
internal sealed class SessionHistory : IDisposable
{
    // As seen.js has them.
    internal const int SlotCount = 36;
    internal static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Slot?[] _slots = new Slot?[SlotCount];
    private readonly Func<SessionCacheStatistics?> _read;
    private readonly TimeProvider _time;
    private readonly long _start;
    private ITimer? _timer;
    private StoreLatencyListener? _latency;
    private SessionCacheStatistics? _last;
    private long _lastWatched;
    private bool _disposed;

    internal SessionHistory(Func<SessionCacheStatistics?> read, TimeProvider time)
    {
        _read = read;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Somebody watches: begins to look, or goes on.</summary>
    internal void Watch()
    {
        lock (_gate)
        {
            _lastWatched = _time.GetTimestamp();
            if (_timer is null && !_disposed)
            {
                // What happened while nobody watched has no slot.
                _last = _read();
                _latency = new StoreLatencyListener();
                _timer = _time.CreateTimer(static self => ((SessionHistory)self!).Look(), this, s_pace, s_pace);
            }

            Count();
        }
    }

    /// <summary>The newest first, without the slots in which nobody looked.</summary>
    internal IReadOnlyList<PageData.SlotFacts> Read()
    {
        lock (_gate)
        {
            long now = SlotNumber();
            var slots = new List<PageData.SlotFacts>(SlotCount);
            for (int ago = 0; ago < SlotCount && ago <= now; ago++)
            {
                if (_slots[(now - ago) % SlotCount] is { } slot && slot.Number == now - ago)
                {
                    slots.Add(new PageData.SlotFacts(ago, slot.Hits, slot.Misses, slot.Lookups, slot.Milliseconds, slot.Slowest));
                }
            }

            return slots;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Rest();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            Count();
            if (_time.GetElapsedTime(_lastWatched) > SlotLength * SlotCount)
            {
                Rest();
            }
        }
    }

    private void Rest()
    {
        _timer?.Dispose();
        _latency?.Dispose();
        (_timer, _latency) = (null, null);
    }

    /// <summary>What happened since the last look belongs to the slot of this one: at most a second off.</summary>
    private void Count()
    {
        if (_timer is null || _read() is not { } statistics)
        {
            return;
        }

        Slot slot = Current();
        slot.Hits += statistics.Hits - (_last?.Hits ?? 0);
        slot.Misses += statistics.Misses - (_last?.Misses ?? 0);
        _last = statistics;
        (long lookups, double milliseconds, double slowest) = _latency!.Take();
        slot.Lookups += lookups;
        slot.Milliseconds += milliseconds;
        slot.Slowest = Math.Max(slot.Slowest, slowest);
    }

    private Slot Current()
    {
        long number = SlotNumber();
        ref Slot? slot = ref _slots[number % SlotCount];
        return slot?.Number == number ? slot : slot = new Slot(number);
    }

    private long SlotNumber() => (long)(_time.GetElapsedTime(_start) / SlotLength);

    private sealed class Slot(long number)
    {
        internal long Number { get; } = number;

        internal long Hits { get; set; }

        internal long Misses { get; set; }

        internal long Lookups { get; set; }

        internal double Milliseconds { get; set; }

        internal double Slowest { get; set; }
    }
}
