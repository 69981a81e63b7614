namespace OpenSslSessionCb;

/// <summary>The writes that the store has begun and not confirmed: a bounded number, and never two of one session.</summary>
/// <remarks>One thread begins them and waits here; they end on any thread. It is woken for a batch, not for each.</remarks>
internal sealed class WritesUnderWay(int max)
{
    // Also what the writer waits on, which System.Threading.Lock has no way to.
    private readonly object _gate = new();
    private readonly HashSet<SslSessionId> _ids = [];
    private int _wakeAt = -1;

    /// <summary>Blocks while as many are under way as may be. Always true, for a loop's condition.</summary>
    internal bool WaitForRoom()
    {
        lock (_gate)
        {
            if (_ids.Count >= max)
            {
                WaitUntilAtMost(max / 2);
            }
        }

        return true;
    }

    /// <summary>Blocks while this session is being written, so that a put and the removal after it cannot change places.</summary>
    internal void WaitFor(SslSessionId id)
    {
        lock (_gate)
        {
            if (_ids.Contains(id))
            {
                // All, and not that one only: it happens rarely, and is over within a round trip.
                WaitUntilAtMost(0);
            }
        }
    }

    internal void WaitForAll()
    {
        lock (_gate)
        {
            WaitUntilAtMost(0);
        }
    }

    internal void Add(SslSessionId id)
    {
        lock (_gate)
        {
            _ids.Add(id);
        }
    }

    internal void Remove(SslSessionId id)
    {
        lock (_gate)
        {
            _ids.Remove(id);
            if (_ids.Count <= _wakeAt)
            {
                _wakeAt = -1;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>The caller holds the gate.</summary>
    private void WaitUntilAtMost(int count)
    {
        while (_ids.Count > count)
        {
            _wakeAt = count;
            Monitor.Wait(_gate);
        }
    }
}
