using System.IO.Pipelines;

namespace OpenSslSessionCb;

/// <summary>
/// Looks at what comes in first, consumes nothing of it, and is the inner reader from then on: whoever reads here gets the
/// ClientHello whole, when the store has answered.
/// </summary>
internal sealed class LookAheadPipeReader(PipeReader inner, SessionLookAhead lookAhead) : PipeReader
{
    // Bytes were passed on that the look ahead had not seen to the end: what comes next is no beginning.
    private bool _isTooLate;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isTooLate || lookAhead.IsDone ? inner.ReadAsync(cancellationToken) : LookAndReadAsync(cancellationToken);

    /// <summary>Whoever asks for what is there at once gets it.</summary>
    public override bool TryRead(out ReadResult result)
    {
        bool isThere = inner.TryRead(out result);
        _isTooLate |= isThere;
        return isThere;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private async ValueTask<ReadResult> LookAndReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (await IsEnoughAsync(result, cancellationToken).ConfigureAwait(false))
            {
                return result;
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                _isTooLate = true;
                return result;
            }

            // Examined to the end, so that the next read waits for more, and the transport may send it.
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async ValueTask<bool> IsEnoughAsync(ReadResult result, CancellationToken cancellationToken)
    {
        try
        {
            return await lookAhead.LookAsync(result.Buffer, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Our caller never sees this read, and may begin another one.
            inner.AdvanceTo(result.Buffer.Start);
            throw;
        }
    }
}
