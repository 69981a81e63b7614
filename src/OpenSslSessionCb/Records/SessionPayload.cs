using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>
/// What a record keeps secret: where the session may be resumed, who has made it, what is known of its client, and the session.
/// </summary>
/// <remarks>
/// Big-endian.
/// <code>
///  0 32  isolation context
/// 32  1  verify mode; 0: clients are not verified
/// 33  4  verify result
/// 37  8  program of the host; 0: not known
/// 45  1  length of the host's session id context, at most 32
/// 46  4  length of the client's intermediates, at most 32 KiB
/// 50  …  the host's session id context
///  …  …  the intermediates, in DER, one behind the other
///  …  …  the session, in DER
/// </code>
/// </remarks>
internal static class SessionPayload
{
    /// <summary>Of everything before the session, in bytes.</summary>
    internal const int MaxHeadLength = FixedLength + IdContext.MaxLength + ClientVerification.MaxIntermediatesLength;

    private const int ModeStart = LibCryptoHash.Length;
    private const int ResultStart = ModeStart + 1;
    private const int ProgramStart = ResultStart + sizeof(int);
    private const int IdContextLengthStart = ProgramStart + sizeof(ulong);
    private const int IntermediatesLengthStart = IdContextLengthStart + 1;
    private const int FixedLength = IntermediatesLengthStart + sizeof(int);

    internal static int HeadLength(in SessionMaker maker, ClientVerification? client) =>
        FixedLength + maker.IdContext.Length + (client?.Intermediates.Length ?? 0);

    /// <summary>Writes all but the session; the rest of <paramref name="payload"/> is its place.</summary>
    internal static Span<byte> WriteHead(
        Span<byte> payload, ReadOnlySpan<byte> isolationContext, in SessionMaker maker, ClientVerification? client)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isolationContext.Length, LibCryptoHash.Length, nameof(isolationContext));
        isolationContext.CopyTo(payload);
        payload[ModeStart] = (byte)(client?.VerifyMode ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(payload[ResultStart..], client?.Result ?? 0);
        BinaryPrimitives.WriteUInt64BigEndian(payload[ProgramStart..], maker.Program);
        payload[IdContextLengthStart] = maker.IdContext.Length;
        ReadOnlySpan<byte> intermediates = client is null ? default : client.Intermediates;
        BinaryPrimitives.WriteInt32BigEndian(payload[IntermediatesLengthStart..], intermediates.Length);
        maker.IdContext.CopyTo(payload[FixedLength..]);
        intermediates.CopyTo(payload[(FixedLength + maker.IdContext.Length)..]);
        return payload[(FixedLength + maker.IdContext.Length + intermediates.Length)..];
    }

    /// <summary>False: it is none, which no sealer writes.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload,
        out byte[] isolationContext, out SessionMaker maker, out ClientVerification? client, out ReadOnlySpan<byte> session)
    {
        isolationContext = [];
        maker = default;
        client = null;
        session = default;
        if (payload.Length <= FixedLength)
        {
            return false;
        }

        int idContextLength = payload[IdContextLengthStart];
        int length = BinaryPrimitives.ReadInt32BigEndian(payload[IntermediatesLengthStart..]);
        if (idContextLength > IdContext.MaxLength || length is < 0 or > ClientVerification.MaxIntermediatesLength
            || idContextLength + length >= payload.Length - FixedLength)
        {
            return false;
        }

        isolationContext = payload[..LibCryptoHash.Length].ToArray();
        ReadOnlySpan<byte> rest = payload[FixedLength..];
        maker = new SessionMaker(
            BinaryPrimitives.ReadUInt64BigEndian(payload[ProgramStart..]), IdContext.Of(rest[..idContextLength]));
        int verifyMode = payload[ModeStart];
        if (verifyMode != 0)
        {
            int result = BinaryPrimitives.ReadInt32BigEndian(payload[ResultStart..]);
            client = new ClientVerification(verifyMode, result, rest.Slice(idContextLength, length).ToArray());
        }

        session = rest[(idContextLength + length)..];
        return true;
    }
}
