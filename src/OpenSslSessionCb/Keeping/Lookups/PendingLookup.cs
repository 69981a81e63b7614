using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>One question to the store, and those who wait for the answer.</summary>
internal sealed class PendingLookup : IDisposable
{
    private readonly TaskCompletionSource<LookupAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _settled;

    /// <summary>Set when somebody has waited in vain.</summary>
    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Whether somebody has waited in vain: nobody needs the answer any more.</summary>
    internal bool IsAbandoned => _cancellation.IsCancellationRequested;

    internal void Answer(LookupAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>Blocks until the answer comes, at most until the deadline.</summary>
    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "libssl's get callback cannot come back later, and the deadline is all that it waits.")]
    internal LookupAnswer Wait(TimeSpan deadline)
    {
        // On a busy machine this thread may come back long after the answer has come.
        return _answer.Task.Wait(deadline) || _answer.Task.IsCompleted ? _answer.Task.Result : Late();
    }

    /// <summary>Waits, without a thread, until the answer comes, at most until the deadline.</summary>
    internal async ValueTask<LookupAnswer> WaitAsync(TimeSpan deadline)
    {
        await ((Task)_answer.Task).WaitAsync(deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _answer.Task.IsCompleted ? await _answer.Task.ConfigureAwait(false) : Late();
    }

    /// <summary>Whether the caller is the first to say that the answer came, or that it is overdue: the two exclude each other.</summary>
    internal bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    /// <summary>
    /// For who settled that the answer came; an overdue lookup may yet be abandoned, and holds nothing that must be freed.
    /// </summary>
    public void Dispose() => _cancellation.Dispose();

    private LookupAnswer Late()
    {
        if (TrySettle())
        {
            // The store need not go on. What it does about that it does elsewhere, not on this thread.
            _cancellation.CancelAsync();
        }

        return new LookupAnswer(LookupOutcome.Late);
    }
}
