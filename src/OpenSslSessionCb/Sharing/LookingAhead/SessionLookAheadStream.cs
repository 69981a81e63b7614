using System.Buffers;

// The signatures are Stream's.
#pragma warning disable RS0027

namespace OpenSslSessionCb;

/// <summary>
/// Put between an SslStream and the stream of its socket, has sessions ready before libssl asks for them, so that no thread waits
/// inside the handshake: <c>new SslStream(new SessionLookAheadStream(socketStream, cache))</c>.
/// </summary>
/// <remarks>
/// The first asynchronous reads wait until the ClientHello is there and the store has answered; all bytes pass untouched. What
/// is not TLS, and what is read synchronously, passes at once. As thread-safe as the inner stream: one reader and one writer at a time.
/// </remarks>
public sealed class SessionLookAheadStream : Stream
{
    private const int FirstBufferLength = 4096;

    private readonly Stream _inner;
    private readonly bool _leaveInnerOpen;
    private readonly SessionLookAhead _lookAhead;
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Wraps the stream of one connection, from its first byte.</summary>
    /// <param name="inner">Usually a NetworkStream. Disposed of with this one, unless <paramref name="leaveInnerOpen"/>.</param>
    /// <param name="cache">The cache, attached to this process.</param>
    /// <param name="leaveInnerOpen">Whether disposing of this stream leaves the inner one open.</param>
    /// <param name="handshakeDone">See <see cref="SessionLookAhead(SessionCache, Action{SessionLookAhead}?)"/>.</param>
    public SessionLookAheadStream(
        Stream inner, SessionCache cache, bool leaveInnerOpen = false, Action<SessionLookAhead>? handshakeDone = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _leaveInnerOpen = leaveInnerOpen;
        _lookAhead = new SessionLookAhead(cache, handshakeDone);
    }

    /// <inheritdoc cref="SessionLookAhead.Resumed"/>
    public bool? Resumed => _lookAhead.Resumed;

    /// <inheritdoc cref="SessionLookAhead.HandshakeDuration"/>
    public TimeSpan? HandshakeDuration => _lookAhead.HandshakeDuration;

    /// <inheritdoc/>
    public override bool CanRead => _inner.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _inner.CanWrite;

    /// <summary>False: a connection is read once.</summary>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => _inner.CanTimeout;

    /// <inheritdoc/>
    public override int ReadTimeout
    {
        get => _inner.ReadTimeout;
        set => _inner.ReadTimeout = value;
    }

    /// <inheritdoc/>
    public override int WriteTimeout
    {
        get => _inner.WriteTimeout;
        set => _inner.WriteTimeout = value;
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsTransparent => _lookAhead.IsDone && _start == _end;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        IsTransparent ? _inner.ReadAsync(buffer, cancellationToken) : LookAndReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        _lookAhead.Stop();
        return _start < _end ? TakeFromBuffer(buffer) : _inner.Read(buffer);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _inner.WriteAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _inner.Write(buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void WriteByte(byte value) => _inner.WriteByte(value);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        _inner.BeginWrite(buffer, offset, count, callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => _inner.EndWrite(asyncResult);

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _lookAhead.Stop();
        if (!_leaveInnerOpen)
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveInnerOpen)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> LookAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
        {
            // Asks whether there is something to read.
            return _start < _end ? 0 : await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        // Cancelled in the middle, it goes on with the next read: what was read stays in the buffer.
        while (!_lookAhead.IsDone)
        {
            EnsureRoom();
            int read = await _inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            if (read == 0)
            {
                _lookAhead.Stop();
            }

            await _lookAhead.LookAsync(new ReadOnlySequence<byte>(_buffer, 0, _end), cancellationToken).ConfigureAwait(false);
        }

        return _start < _end ? TakeFromBuffer(buffer.Span) : 0;
    }

    private void EnsureRoom()
    {
        if (_end == _buffer.Length)
        {
            byte[] longer = new byte[Math.Max(FirstBufferLength, 2 * _buffer.Length)];
            _buffer.AsSpan(0, _end).CopyTo(longer);
            _buffer = longer;
        }
    }

    private int TakeFromBuffer(Span<byte> destination)
    {
        int taken = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, taken).CopyTo(destination);
        _start += taken;
        if (_start == _end)
        {
            _buffer = [];
            _start = _end = 0;
        }

        return taken;
    }
}
