using System.Buffers;

namespace OpenSslSessionCb;

/// <summary>What a cache writes, until it is more than a record can have: then the cache is stopped by an exception.</summary>
internal sealed class BoundedBufferWriter : IBufferWriter<byte>
{
    // Nothing that is too long is looked at, but its length is.
    private const int Enough = SessionStoreRecord.MaxLength + 1;

    private readonly ArrayBufferWriter<byte> _written = new(512);

    /// <summary>Whether the cache was stopped.</summary>
    public bool IsStopped { get; private set; }

    public void Advance(int count) => _written.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        StopIfTooLong(sizeHint);
        return _written.GetMemory(sizeHint);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        StopIfTooLong(sizeHint);
        return _written.GetSpan(sizeHint);
    }

    /// <summary>What was written, cut where it is too long.</summary>
    public byte[] ToRecord() =>
        IsStopped ? new byte[Enough] : _written.WrittenSpan[..Math.Min(_written.WrittenCount, Enough)].ToArray();

    private void StopIfTooLong(int sizeHint)
    {
        if (_written.WrittenCount >= Enough || sizeHint > Enough)
        {
            IsStopped = true;
            throw new InvalidOperationException("This is longer than any record of a session.");
        }
    }
}
