using System.Threading.Channels;

namespace OpenSslSessionCb;

/// <summary>
/// Changes on their way to the store, in order. Adding never waits: when the queue is full the change is dropped, and
/// the client whose session it was pays for a full handshake.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private readonly Channel<WriteOperation> _channel;
    private readonly Func<WriteOperation, CancellationToken, ValueTask> _write;
    private readonly CancellationTokenSource _impatience = new();
    private readonly CancellationToken _impatient;
    private readonly Task _writer;

    /// <param name="capacity">How many changes may wait.</param>
    /// <param name="write">Writes one change; does not throw.</param>
    internal WriteQueue(int capacity, Func<WriteOperation, CancellationToken, ValueTask> write)
    {
        _write = write;
        _impatient = _impatience.Token;
        _channel = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _writer = Task.Run(WriteAll);
    }

    internal int Count => _channel.Reader.Count;

    /// <summary>False: it is full, or closed. The operation is still the caller's then.</summary>
    internal bool TryAdd(WriteOperation operation) => _channel.Writer.TryWrite(operation);

    /// <summary>Writes what is queued, for as long as the patience lasts; returns how many changes were given up.</summary>
    internal async ValueTask<int> CloseAsync(TimeSpan patience)
    {
        _channel.Writer.TryComplete();
        try
        {
            await _writer.WaitAsync(patience).ConfigureAwait(false);
            return 0;
        }
        catch (TimeoutException)
        {
            await _impatience.CancelAsync().ConfigureAwait(false);
        }

        int givenUp = 0;
        while (_channel.Reader.TryRead(out WriteOperation operation))
        {
            operation.Session?.Release();
            givenUp++;
        }

        return givenUp;
    }

    public void Dispose() => _impatience.Dispose();

    private async Task WriteAll()
    {
        await foreach (WriteOperation operation in _channel.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await _write(operation, _impatient).ConfigureAwait(false);
            }
            finally
            {
                operation.Session?.Release();
            }
        }
    }
}
