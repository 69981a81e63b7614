namespace OpenSslSessionCb;

/// <summary>One question to the store, and those who wait for the answer.</summary>
internal sealed class PendingLookup : IDisposable
{
    private readonly ManualResetEventSlim _answered = new(false);
    private readonly CancellationTokenSource _cancellation = new();
    private int _overdue;

    /// <summary>The record; null when there is none, or when the store failed.</summary>
    internal byte[]? Record { get; private set; }

    internal bool Failed { get; private set; }

    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Whether somebody has waited in vain. Says true once.</summary>
    internal bool TryMarkOverdue() => Interlocked.Exchange(ref _overdue, 1) == 0;

    internal bool WasOverdue => Volatile.Read(ref _overdue) == 1;

    internal void Answer(byte[]? record, bool failed)
    {
        Record = record;
        Failed = failed;
        _answered.Set();
    }

    internal bool Wait(TimeSpan deadline) => _answered.Wait(deadline);

    /// <summary>Nobody waits any more. The store's own reactions run elsewhere, not on this thread.</summary>
    internal void Abandon() => _cancellation.CancelAsync();

    public void Dispose()
    {
        _answered.Dispose();
        _cancellation.Dispose();
    }
}
