using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>
/// Changes on their way to the store, in order. Adding never waits: when the queue is full the change is dropped, and
/// the client whose session it was pays for a full handshake.
/// </summary>
/// <remarks>
/// The writer is a thread of its own: the pool's threads may all be inside libssl, and spin for up to half a millisecond of CPU
/// when they run out of work. While changes keep coming it looks for them every millisecond and is not woken for each:
/// on a busy machine to be woken is to take the processor from the handshake, which costs it more than all the rest of a callback.
/// Over a network one write after the other would be one write a round trip: there several are under way at once.
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
    private readonly WritesUnderWay _underWay;
    private readonly CancellationTokenSource _impatience = new();
    private readonly TaskCompletionSource _writerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unconfirmed;
    private bool _writerSleeps;
    private bool _closed;

    /// <param name="capacity">How many changes may wait.</param>
    /// <param name="write">Writes one change; does not throw.</param>
    /// <param name="maxUnderWay">How many changes may be begun before the first of them is confirmed.</param>
    internal WriteQueue(int capacity, Func<WriteOperation, CancellationToken, ValueTask> write, int maxUnderWay = 1)
    {
        _capacity = capacity;
        _underWay = new WritesUnderWay(maxUnderWay);
        _write = write;
        CancellationToken impatience = _impatience.Token;
        new Thread(() => WriteAll(impatience)) { IsBackground = true, Name = "OpenSslSessionCb writer" }.Start();
    }

    /// <summary>Changes that the store has not confirmed yet, those that it is at work on among them.</summary>
    internal int Count => Volatile.Read(ref _unconfirmed);

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
            Interlocked.Increment(ref _unconfirmed);
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
            Done(operation);
            givenUp++;
        }

        return givenUp;
    }

    public void Dispose() => _impatience.Dispose();

    private void WriteAll(CancellationToken impatience)
    {
        while (WaitForChange())
        {
            // Room first: a change that nothing can be done with yet stays in the queue, where it can be given up.
            while (_underWay.WaitForRoom() && TryTake(out WriteOperation operation))
            {
                Begin(operation, impatience);
            }
        }

        _underWay.WaitForAll();
        _writerEnded.SetResult();
    }

    private void Begin(in WriteOperation operation, CancellationToken impatience)
    {
        _underWay.WaitFor(operation.Id);
        ValueTask written = _write(operation, impatience);
        if (written.IsCompletedSuccessfully)
        {
            Done(operation);
            return;
        }

        _underWay.Add(operation.Id);
        _ = EndAsync(operation, written);
    }

    private async Task EndAsync(WriteOperation operation, ValueTask written)
    {
        try
        {
            await written.ConfigureAwait(false);
        }
        finally
        {
            Done(operation);
            _underWay.Remove(operation.Id);
        }
    }

    /// <summary>False: there is no change, and none will come.</summary>
    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "The writer's own thread. Woken for each change, it would cost the handshakes that bring them.")]
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

    private void Done(in WriteOperation operation)
    {
        operation.Session?.Release();
        Interlocked.Decrement(ref _unconfirmed);
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
