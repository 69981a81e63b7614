using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>The 28 bytes that every record begins with, big-endian.</summary>
/// <remarks>
/// <code>
///  0  3  "OSC"
///  3  1  format: 3
///  4  1  encoding of the session: 1 or 2
///  5  1  sealing: 0 plain, 1 AES-256-GCM
///  6  2  protocol version
///  8  8  expiry, Unix milliseconds
/// 16  8  origin, Unix seconds
/// 24  4  key id; 0 when plain
/// </code>
/// </remarks>
internal readonly record struct RecordHeader(byte Encoding, byte Sealing, ushort ProtocolVersion, long Expires, long Origin, uint KeyId)
{
    internal const int Length = 28;

    /// <summary>DER that OpenSSL 1.1.1 and later read.</summary>
    internal const byte EncodingSince111 = 1;

    /// <summary>DER that OpenSSL 3.0 and later read: from then on it ends with the key exchange group, which 1.1.1 refuses.</summary>
    internal const byte EncodingSince30 = 2;

    private const byte Plain = 0;
    private const byte Sealed = 1;

    private static ReadOnlySpan<byte> MagicAndFormat => "OSC\u0003"u8;

    internal bool IsSealed => Sealing == Sealed;

    /// <param name="fields">What the record says of its session.</param>
    /// <param name="encoding">Of the session.</param>
    /// <param name="sealingKey">Null for a plain record.</param>
    internal static RecordHeader Of(in RecordFields fields, byte encoding, SealingKey? sealingKey) => new(
        encoding,
        sealingKey is null ? Plain : Sealed,
        (ushort)fields.ProtocolVersion,
        fields.Expires.ToUnixTimeMilliseconds(),
        fields.Origin.ToUnixTimeSeconds(),
        sealingKey?.Id ?? 0);

    internal static bool TryRead(ReadOnlySpan<byte> record, out RecordHeader header)
    {
        if (record.Length < Length || !record.StartsWith(MagicAndFormat) || record[5] is not (Plain or Sealed))
        {
            header = default;
            return false;
        }

        header = new RecordHeader(
            record[4],
            record[5],
            BinaryPrimitives.ReadUInt16BigEndian(record[6..]),
            BinaryPrimitives.ReadInt64BigEndian(record[8..]),
            BinaryPrimitives.ReadInt64BigEndian(record[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(record[24..]));
        return true;
    }

    internal void Write(Span<byte> record)
    {
        MagicAndFormat.CopyTo(record);
        record[4] = Encoding;
        record[5] = Sealing;
        BinaryPrimitives.WriteUInt16BigEndian(record[6..], ProtocolVersion);
        BinaryPrimitives.WriteInt64BigEndian(record[8..], Expires);
        BinaryPrimitives.WriteInt64BigEndian(record[16..], Origin);
        BinaryPrimitives.WriteUInt32BigEndian(record[24..], KeyId);
    }

    /// <summary>The times as values; false when they are beyond the calendar, which no sealer writes.</summary>
    internal bool TryGetFields(out RecordFields fields)
    {
        if (Expires < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || Expires > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ||
            Origin < DateTimeOffset.MinValue.ToUnixTimeSeconds() || Origin > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            fields = default;
            return false;
        }

        fields = new RecordFields(
            (TlsProtocolVersion)ProtocolVersion,
            DateTimeOffset.FromUnixTimeMilliseconds(Expires),
            DateTimeOffset.FromUnixTimeSeconds(Origin));
        return true;
    }
}
