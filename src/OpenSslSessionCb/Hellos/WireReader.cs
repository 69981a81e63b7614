using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>Takes fields off bytes of the network. Whatever a length claims, it takes only what is there.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    internal readonly bool IsEmpty => _left.IsEmpty;

    internal bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        if (length > _left.Length)
        {
            taken = default;
            return false;
        }

        taken = _left[..length];
        _left = _left[length..];
        return true;
    }

    internal bool TryTakeNumber(out ushort number)
    {
        bool isThere = TryTake(sizeof(ushort), out ReadOnlySpan<byte> taken);
        number = isThere ? BinaryPrimitives.ReadUInt16BigEndian(taken) : default;
        return isThere;
    }

    /// <summary>A field behind a length of one byte.</summary>
    internal bool TryTakeShort(out ReadOnlySpan<byte> field)
    {
        field = default;
        return TryTake(1, out ReadOnlySpan<byte> length) && TryTake(length[0], out field);
    }

    /// <summary>A field behind a length of two bytes.</summary>
    internal bool TryTakeLong(out ReadOnlySpan<byte> field)
    {
        field = default;
        return TryTakeNumber(out ushort length) && TryTake(length, out field);
    }
}
