using System.Security.Cryptography;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Makes the records that a store keeps, and believes of those that come back only what is genuine.</summary>
/// <remarks>
/// A record is a <see cref="RecordHeader"/> and behind it a <see cref="SessionPayload"/>, which is encrypted when there is a ring.
/// Any thread. Nothing that stands in a record makes a member throw: an <see cref="ArgumentException"/> is the caller's mistake,
/// an <see cref="ObjectDisposedException"/> means that the ring is gone, an <see cref="OpenSslException"/> that libcrypto itself failed.
/// </remarks>
internal sealed class RecordSealer
{
    /// <summary>No record is longer, in bytes.</summary>
    internal const int MaxRecordLength = RecordCipher.PayloadStart + MaxPayloadLength + RecordCipher.TagLength;

    private const int MaxPayloadLength = SessionPayload.MaxHeadLength + SslSessionCodec.MaxEncodedLength;

    private readonly SessionKeyRing? _ring;
    private readonly FarmName _farm;
    private readonly byte _encoding;
    private readonly int _payloadStart;
    private readonly int _tagLength;

    /// <param name="ring">The keys; stays the caller's. Null for records that never leave this process's memory.</param>
    /// <param name="farm">Whose records they are.</param>
    /// <exception cref="OpenSslNotSupportedException">There is no libssl.</exception>
    internal RecordSealer(SessionKeyRing? ring, FarmName farm)
        : this(ring, farm, OpenSslLibrary.Version)
    {
    }

    /// <param name="ring">The keys, or null.</param>
    /// <param name="farm">Whose records they are.</param>
    /// <param name="version">Of the libssl that encodes and decodes the sessions.</param>
    internal RecordSealer(SessionKeyRing? ring, FarmName farm, Version version)
    {
        _ring = ring;
        _farm = farm;
        _encoding = version.Major >= 3 ? RecordHeader.EncodingSince30 : RecordHeader.EncodingSince111;
        _payloadStart = ring is null ? RecordHeader.Length : RecordCipher.PayloadStart;
        _tagLength = ring is null ? 0 : RecordCipher.TagLength;
    }

    private static ReadOnlySpan<byte> StoreKeyLabel => "OpenSslSessionCb 2 store key\0"u8;

    /// <summary>Where the record of a session lies in a store, wherever in the farm it was made: one id is one question.</summary>
    internal SessionStoreKey DeriveKey(SslSessionId id)
    {
        MessageBuilder message = new(stackalloc byte[StoreKeyLabel.Length + FarmName.Length + SslSessionId.MaxLength]);
        message.Add(StoreKeyLabel);
        message.Add(_farm.Digest);
        message.Add(id.Span);

        Span<byte> key = stackalloc byte[SessionStoreKey.Length];
        if (_ring is null)
        {
            LibCryptoHash.Sha256(message.Written, key);
        }
        else
        {
            _ring.Snapshot.Index.Compute(message.Written, key);
        }

        return new SessionStoreKey(key);
    }

    /// <summary>A record with room for a payload: write that to <see cref="PayloadOf"/>, then call <see cref="Seal"/>.</summary>
    /// <param name="payloadLength">1 byte or more.</param>
    internal byte[] CreateRecord(int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payloadLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, MaxPayloadLength);
        return new byte[_payloadStart + payloadLength + _tagLength];
    }

    /// <summary>Where the payload lies in a record of <see cref="CreateRecord"/>, in clear until it is sealed.</summary>
    internal Span<byte> PayloadOf(byte[] record) => record.AsSpan(_payloadStart..^_tagLength);

    /// <summary>
    /// Completes a record, and encrypts the payload where it lies. Once for each record; if it throws, the record is zeroed.
    /// </summary>
    internal void Seal(byte[] record, in RecordFields fields, SessionStoreKey key)
    {
        bool done = false;
        try
        {
            SealingKey? sealingKey = _ring?.Snapshot.First;
            RecordHeader.Of(fields, _encoding, sealingKey).Write(record);
            if (sealingKey is not null)
            {
                RecordCipher.Encrypt(sealingKey, record, key);
            }

            done = true;
        }
        finally
        {
            if (!done)
            {
                CryptographicOperations.ZeroMemory(record);
            }
        }
    }

    /// <summary>Checks a record and takes the payload out of it.</summary>
    /// <param name="record">Anything at all.</param>
    /// <param name="key">What it was found under.</param>
    /// <param name="now">A record whose expiry is now has expired.</param>
    /// <param name="destination">As long as the record or longer, and apart from it. When there is a problem, nothing of
    /// the record is in it.</param>
    /// <param name="fields">What the record says of its session; the default when there is a problem.</param>
    /// <param name="length">How many bytes of <paramref name="destination"/> are the payload; 0 when there is a problem.</param>
    internal RecordProblem Open(
        ReadOnlySpan<byte> record,
        SessionStoreKey key,
        DateTimeOffset now,
        Span<byte> destination,
        out RecordFields fields,
        out int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, record.Length, nameof(destination));
        fields = default;
        length = 0;

        // Until the tag is checked the header only claims: nothing of it is used but what the check itself needs.
        RecordProblem problem = CheckShape(record, out RecordHeader header);
        if (problem != RecordProblem.None)
        {
            return problem;
        }

        Span<byte> payload = destination[..(record.Length - _payloadStart - _tagLength)];
        if (_ring is null)
        {
            record[_payloadStart..].CopyTo(payload);
        }
        else
        {
            problem = RecordCipher.Decrypt(_ring.Snapshot.Keys, header.KeyId, record, key, payload);
        }

        if (problem == RecordProblem.None)
        {
            problem = CheckFields(header, now, out fields);
        }

        if (problem != RecordProblem.None)
        {
            CryptographicOperations.ZeroMemory(payload);
            return problem;
        }

        length = payload.Length;
        return RecordProblem.None;
    }

    private RecordProblem CheckShape(ReadOnlySpan<byte> record, out RecordHeader header)
    {
        if (record.Length > SessionStoreRecord.MaxLength)
        {
            header = default;
            return RecordProblem.TooLong;
        }

        if (!RecordHeader.TryRead(record, out header))
        {
            return RecordProblem.NotARecord;
        }

        if (header.IsSealed != _ring is not null)
        {
            return RecordProblem.NotSealed;
        }

        int payloadLength = record.Length - _payloadStart - _tagLength;
        return payloadLength is < 1 or > MaxPayloadLength ? RecordProblem.NotARecord : RecordProblem.None;
    }

    private RecordProblem CheckFields(in RecordHeader header, DateTimeOffset now, out RecordFields fields)
    {
        if (!header.TryGetFields(out RecordFields read))
        {
            fields = default;
            return RecordProblem.NotARecord;
        }

        bool expired = read.Expires <= now;
        bool readable = header.Encoding is RecordHeader.EncodingSince111 or RecordHeader.EncodingSince30 && header.Encoding <= _encoding;
        fields = expired || !readable ? default : read;
        return expired ? RecordProblem.Expired : readable ? RecordProblem.None : RecordProblem.Unreadable;
    }
}
