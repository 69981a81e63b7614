namespace OpenSslSessionCb;

/// <summary>
/// Changes on their way to the store, in order. Adding never waits: when the queue is full the change is dropped, and
/// the client whose session it was pays for a full handshake.
/// </summary>
/// <remarks>
/// The writer is a thread of its own: the pool's threads may all be inside libssl, and spin for up to half a millisecond of CPU
/// when they run out of work. While changes keep coming it looks for them every millisecond and is not woken for each:
/// waking it took 30 µs from the handshake on a machine with two cores, where all the rest of a new callback takes one.
/// </remarks>
internal sealed class WriteQueue : IDisposable
{
    /// <summary>So often the writer looks and finds nothing before it sleeps until it is woken.</summary>
    private const int MaxLooksInVain = 20;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(1);

    // Also what the writer sleeps on, which System.Threading.Lock has no way to.
    private readonly object _gate = new();
    private readonly Queue<WriteOperation> _operations = new();
    private readonly int _capacity;
    private readonly Func<WriteOperation, CancellationToken, ValueTask> _write;
    private readonly CancellationTokenSource _impatience = new();
    private readonly TaskCompletionSource _writerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _writerSleeps;
    private bool _closed;

    /// <param name="capacity">How many changes may wait.</param>
    /// <param name="write">Writes one change; does not throw.</param>
    internal WriteQueue(int capacity, Func<WriteOperation, CancellationToken, ValueTask> write)
    {
        _capacity = capacity;
        _write = write;
        CancellationToken impatience = _impatience.Token;
        new Thread(() => WriteAll(impatience)) { IsBackground = true, Name = "OpenSslSessionCb writer" }.Start();
    }

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _operations.Count;
            }
        }
    }

    /// <summary>False: it is full, or closed. The operation is still the caller's then.</summary>
    internal bool TryAdd(in WriteOperation operation)
    {
        lock (_gate)
        {
            if (_closed || _operations.Count == _capacity)
            {
                return false;
            }

            _operations.Enqueue(operation);
            WakeWriter();
            return true;
        }
    }

    /// <summary>Writes what is queued, for as long as the patience lasts; returns how many changes were given up.</summary>
    internal async ValueTask<int> CloseAsync(TimeSpan patience)
    {
        lock (_gate)
        {
            _closed = true;
            WakeWriter();
        }

        try
        {
            await _writerEnded.Task.WaitAsync(patience).ConfigureAwait(false);
            return 0;
        }
        catch (TimeoutException)
        {
            await _impatience.CancelAsync().ConfigureAwait(false);
        }

        int givenUp = 0;
        while (TryTake(out WriteOperation operation))
        {
            operation.Session?.Release();
            givenUp++;
        }

        return givenUp;
    }

    public void Dispose() => _impatience.Dispose();

    private void WriteAll(CancellationToken impatience)
    {
        while (WaitForChange())
        {
            while (TryTake(out WriteOperation operation))
            {
                try
                {
                    ValueTask written = _write(operation, impatience);
                    if (!written.IsCompletedSuccessfully)
                    {
                        written.AsTask().GetAwaiter().GetResult();
                    }
                }
                finally
                {
                    operation.Session?.Release();
                }
            }
        }

        _writerEnded.SetResult();
    }

    /// <summary>False: there is no change, and none will come.</summary>
    private bool WaitForChange()
    {
        for (int looks = 0; looks < MaxLooksInVain; looks++)
        {
            Thread.Sleep(s_betweenLooks);
            lock (_gate)
            {
                if (_closed || _operations.Count > 0)
                {
                    return _operations.Count > 0;
                }
            }
        }

        lock (_gate)
        {
            while (!_closed && _operations.Count == 0)
            {
                _writerSleeps = true;
                Monitor.Wait(_gate);
            }

            return _operations.Count > 0;
        }
    }

    private bool TryTake(out WriteOperation operation)
    {
        lock (_gate)
        {
            return _operations.TryDequeue(out operation);
        }
    }

    /// <summary>The caller holds the gate.</summary>
    private void WakeWriter()
    {
        if (_writerSleeps)
        {
            _writerSleeps = false;
            Monitor.Pulse(_gate);
        }
    }
}
