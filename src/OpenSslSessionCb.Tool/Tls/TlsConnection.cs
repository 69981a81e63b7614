using System.Buffers;
using System.Net.Sockets;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>A TLS connection over a socket, with libssl between memory BIOs. For one task at a time; owns both.</summary>
internal sealed class TlsConnection(Socket socket, TlsEngine engine) : IServedConnection
{
    // A full record fits, and one more read does not cost more.
    private const int ChunkLength = 17 * 1024;
    private const int MaxDrainedBytes = 256 * 1024;

    // Sending has a deadline of its own and is never cut short otherwise: what would come after a gap, the peer could not decrypt.
    private static readonly TimeSpan s_sendingTime = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _sendingDeadline = new();
    private bool _hasGap;

    internal TlsEngine Engine => engine;

    public TlsFacts Facts => TlsFacts.Of(engine);

    public async ValueTask HandshakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TlsStep step = engine.Handshake();
            await FlushAsync();
            if (step == TlsStep.Done)
            {
                return;
            }

            if (step == TlsStep.NeedsLookup)
            {
                await engine.WaitForLookupAsync(cancellationToken);
                continue;
            }

            if (step != TlsStep.NeedsBytes)
            {
                throw new TlsFailedException(engine.FailureReason);
            }

            if (!await ReceiveAsync(cancellationToken))
            {
                throw new TlsFailedException("the peer hung up during the handshake");
            }
        }
    }

    /// <summary>Reads what has come, waiting for the first byte. 0: the peer has closed.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            TlsStep step = engine.Read(destination.Span, out int count);

            // Reading may answer as well: a key update, an alert.
            await FlushAsync();
            switch (step)
            {
                case TlsStep.Done:
                    return count;
                case TlsStep.Closed:
                    return 0;
                case TlsStep.Failed:
                    throw new TlsFailedException(engine.FailureReason);
            }

            if (!await ReceiveAsync(cancellationToken))
            {
                return 0;
            }
        }
    }

    /// <summary>Takes in what has come, be it data or a ticket, waiting for the first byte. False: the peer has closed.</summary>
    internal async ValueTask<bool> TakeInAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        TlsStep step = engine.Read(destination.Span, out _);
        await FlushAsync();
        return step switch
        {
            TlsStep.Done => true,
            TlsStep.Closed => false,
            TlsStep.Failed => throw new TlsFailedException(engine.FailureReason),
            _ => await ReceiveAsync(cancellationToken),
        };
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source)
    {
        if (engine.Write(source.Span) != TlsStep.Done)
        {
            throw new TlsFailedException(engine.FailureReason);
        }

        await FlushAsync();
    }

    /// <summary>
    /// Sends close_notify, or the alert that is due, and lets the peer hang up first for as long as the patience lasts: closing a
    /// socket with unread bytes would reset it, and the peer might lose what was sent last. Never throws.
    /// </summary>
    public async ValueTask CloseAsync(TimeSpan patience)
    {
        if (_hasGap)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(patience);
        try
        {
            engine.Close();
            await FlushAsync();
            socket.Shutdown(SocketShutdown.Send);
            await DrainAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone, or in no hurry.
        }
    }

    public void Dispose()
    {
        engine.Dispose();
        socket.Dispose();
        _sendingDeadline.Dispose();
    }

    private async ValueTask FlushAsync()
    {
        if (engine.PendingOutput == 0)
        {
            return;
        }

        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        _sendingDeadline.CancelAfter(s_sendingTime);
        _hasGap = true;
        try
        {
            while (engine.PendingOutput > 0)
            {
                ReadOnlyMemory<byte> rest = chunk.AsMemory(0, engine.TakeOutput(chunk));
                while (!rest.IsEmpty)
                {
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None, _sendingDeadline.Token)..];
                }
            }

            _hasGap = false;
        }
        finally
        {
            _sendingDeadline.CancelAfter(Timeout.InfiniteTimeSpan);
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>False: the peer sends no more.</summary>
    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        // Waits without a buffer, so that an idle connection holds none.
        _ = await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            int count = await socket.ReceiveAsync(chunk.AsMemory(), SocketFlags.None, cancellationToken);
            if (count == 0)
            {
                return false;
            }

            engine.Feed(chunk.AsSpan(0, count));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        int total = 0;
        int count;
        do
        {
            _ = await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
            byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
            try
            {
                count = await socket.ReceiveAsync(chunk.AsMemory(), SocketFlags.None, cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }

            total += count;
        }
        while (count > 0 && total < MaxDrainedBytes);
    }
}
