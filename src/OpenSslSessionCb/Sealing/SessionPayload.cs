using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>What a record keeps secret: where the session may be resumed, what is known of its client, and the session.</summary>
/// <remarks>
/// Big-endian.
/// <code>
///  0 32  isolation context
/// 32  1  verify mode; 0: clients are not verified
/// 33  4  verify result
/// 37  4  length of the client's intermediates, at most 32 KiB
/// 41  …  the intermediates, in DER, one behind the other
///  …  …  the session, in DER
/// </code>
/// </remarks>
internal static class SessionPayload
{
    /// <summary>Of everything before the session, in bytes.</summary>
    internal const int MaxHeadLength = FixedLength + ClientVerification.MaxIntermediatesLength;

    private const int ModeStart = LibCryptoHash.Length;
    private const int ResultStart = ModeStart + 1;
    private const int IntermediatesLengthStart = ResultStart + sizeof(int);
    private const int FixedLength = IntermediatesLengthStart + sizeof(int);

    internal static int HeadLength(ClientVerification? client) => FixedLength + (client?.Intermediates.Length ?? 0);

    /// <summary>Writes all but the session; the rest of <paramref name="payload"/> is its place.</summary>
    internal static Span<byte> WriteHead(Span<byte> payload, ReadOnlySpan<byte> isolationContext, ClientVerification? client)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isolationContext.Length, LibCryptoHash.Length, nameof(isolationContext));
        isolationContext.CopyTo(payload);
        payload[ModeStart] = (byte)(client?.VerifyMode ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(payload[ResultStart..], client?.Result ?? 0);
        ReadOnlySpan<byte> intermediates = client is null ? default : client.Intermediates;
        BinaryPrimitives.WriteInt32BigEndian(payload[IntermediatesLengthStart..], intermediates.Length);
        intermediates.CopyTo(payload[FixedLength..]);
        return payload[(FixedLength + intermediates.Length)..];
    }

    /// <summary>False: it is none, which no sealer writes.</summary>
    internal static bool TryRead(
        ReadOnlySpan<byte> payload, out byte[] isolationContext, out ClientVerification? client, out ReadOnlySpan<byte> session)
    {
        isolationContext = [];
        client = null;
        session = default;
        if (payload.Length <= FixedLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(payload[IntermediatesLengthStart..]);
        if (length < 0 || length > ClientVerification.MaxIntermediatesLength || length >= payload.Length - FixedLength)
        {
            return false;
        }

        isolationContext = payload[..LibCryptoHash.Length].ToArray();
        int verifyMode = payload[ModeStart];
        if (verifyMode != 0)
        {
            int result = BinaryPrimitives.ReadInt32BigEndian(payload[ResultStart..]);
            client = new ClientVerification(verifyMode, result, payload.Slice(FixedLength, length).ToArray());
        }

        session = payload[(FixedLength + length)..];
        return true;
    }
}
