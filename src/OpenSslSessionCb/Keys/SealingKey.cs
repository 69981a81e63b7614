using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>One key of a ring, as far as sealing needs it: its name in records, and a subkey that record keys come from.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Nobody counts the operations that use it; when there are none, the subkey's finalizer zeroes it.")]
internal sealed class SealingKey
{
    /// <summary>The length of the random salt that each record has, in bytes.</summary>
    internal const int SaltLength = 16;

    private readonly SecretBytes _subkey = new(LibCryptoHash.Length);

    /// <summary>Derives what is needed; the key itself is not kept.</summary>
    internal SealingKey(SecretBytes key)
    {
        Span<byte> id = stackalloc byte[LibCryptoHash.Length];
        LibCryptoHash.HmacSha256(key, "OpenSslSessionCb 1 key id\0"u8, id);
        LibCryptoHash.HmacSha256(key, "OpenSslSessionCb 1 sealing\0"u8, _subkey.Span);
        Id = BinaryPrimitives.ReadUInt32BigEndian(id);
    }

    /// <summary>Names the key in a record. No secret, and not quite unique: two keys in 2^32 share it.</summary>
    internal uint Id { get; }

    private static ReadOnlySpan<byte> RecordLabel => "OpenSslSessionCb 1 record\0"u8;

    /// <summary>The key of one record; the caller zeroes it.</summary>
    /// <remarks>
    /// With one key for all, random 96-bit nonces would be safe for 2^32 records only (NIST SP 800-38D, 8.3), which a
    /// farm that never rotates can reach. A key of its own for each salt of 128 bits puts that out of reach.
    /// </remarks>
    internal void DeriveRecordKey(ReadOnlySpan<byte> salt, Span<byte> recordKey)
    {
        Span<byte> message = stackalloc byte[RecordLabel.Length + SaltLength];
        RecordLabel.CopyTo(message);
        salt.CopyTo(message[RecordLabel.Length..]);
        LibCryptoHash.HmacSha256(_subkey, message, recordKey);
    }

    internal bool IsSameAs(SealingKey other) => SecretBytes.AreEqual(_subkey, other._subkey);
}
