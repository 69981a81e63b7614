namespace OpenSslSessionCb;

/// <summary>Puts what is to be hashed or bound into one buffer. All parts but the last have a fixed length, so that two different
/// lists never give the same bytes.</summary>
internal ref struct MessageBuilder(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    internal readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    internal void Add(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_buffer[_length..]);
        _length += part.Length;
    }

    internal void Add(SessionStoreKey key)
    {
        key.CopyTo(_buffer[_length..]);
        _length += SessionStoreKey.Length;
    }
}
