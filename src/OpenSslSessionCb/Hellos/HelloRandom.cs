using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>The random of a ClientHello: 32 bytes, by which a connection is known on both sides of SslStream.</summary>
internal readonly record struct HelloRandom
{
    internal const int Length = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <param name="bytes">At least <see cref="Length"/>.</param>
    internal HelloRandom(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    // Seeded per process (HashCode is): clients choose their random, but not where it lands.
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _fourth);
}
