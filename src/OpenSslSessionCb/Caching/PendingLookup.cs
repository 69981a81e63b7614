namespace OpenSslSessionCb;

/// <summary>One question to the store, and those who wait for the answer.</summary>
internal sealed class PendingLookup : IDisposable
{
    private readonly TaskCompletionSource<(byte[]? Record, bool Failed)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _settled;

    /// <summary>Set when somebody has waited in vain.</summary>
    internal CancellationToken Cancellation => _cancellation.Token;

    internal void Answer(byte[]? record, bool failed) => _answer.SetResult((record, failed));

    /// <summary>Blocks until the answer comes, at most until the deadline.</summary>
    internal bool TryWait(TimeSpan deadline, out byte[]? record, out bool failed)
    {
        bool answered = _answer.Task.Wait(deadline);
        (record, failed) = answered ? _answer.Task.Result : (null, false);
        return answered;
    }

    /// <summary>Whether the caller is the first to say that the answer came, or that it is overdue: the two exclude each other.</summary>
    internal bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    /// <summary>The store need not go on. What it does about that it does elsewhere, not on this thread.</summary>
    internal void Abandon() => _cancellation.CancelAsync();

    /// <summary>For who settled that the answer came; an overdue lookup may yet be abandoned, and holds nothing that must be freed.</summary>
    public void Dispose() => _cancellation.Dispose();
}
