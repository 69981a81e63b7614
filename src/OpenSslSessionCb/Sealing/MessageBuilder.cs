using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>Puts what is to be hashed or bound into one buffer, in such a way that two different lists never give the same bytes.</summary>
internal ref struct MessageBuilder(Span<byte> buffer)
{
    /// <summary>In bytes. libssl's own session id context has 32 at most.</summary>
    internal const int MaxIsolationContextLength = 256;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    internal readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>For parts of a fixed length, and for the last.</summary>
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

    /// <summary>Behind its length in two bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxIsolationContextLength"/> bytes.</exception>
    internal void AddIsolationContext(ReadOnlySpan<byte> isolationContext)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(isolationContext.Length, MaxIsolationContextLength, nameof(isolationContext));
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], (ushort)isolationContext.Length);
        _length += sizeof(ushort);
        Add(isolationContext);
    }
}
