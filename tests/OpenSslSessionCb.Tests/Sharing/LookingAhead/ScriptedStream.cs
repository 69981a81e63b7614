namespace OpenSslSessionCb.Tests;

/// <summary>A connection from which so many bytes come at a time, and then the end, or nothing at all.</summary>
internal sealed class ScriptedStream(byte[] bytes, int partLength, bool ends = true) : Stream
{
    private int _position;

    /// <summary>Bytes handed out so far.</summary>
    public int HandedOut => _position;

    public List<byte> Written { get; } = [];

    public int Flushes { get; private set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override bool CanTimeout => true;

    public override int ReadTimeout { get; set; } = 7;

    public override int WriteTimeout { get; set; } = 8;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (_position == bytes.Length && !ends)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return Read(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        int taken = Math.Min(Math.Min(partLength, buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, taken).CopyTo(buffer);
        _position += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Written.AddRange(buffer[offset..(offset + count)]);

    public override void Flush() => Flushes++;

    public override long Seek(long offset, SeekOrigin origin) => 0;

    public override void SetLength(long value)
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
