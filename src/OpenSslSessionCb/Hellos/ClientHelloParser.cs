using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Parses the body of a ClientHello (RFC 8446, 4.1.2), all of which is there.</summary>
internal static class ClientHelloParser
{
    /// <summary>A client offers one or two; a lookup for each of hundreds would be an attack.</summary>
    internal const int MaxIdentities = 4;

    private const int VersionLength = 2;
    private const int AgeLength = 4;

    /// <summary>Null when it is malformed: libssl will say so to the client.</summary>
    internal static ClientHello? Parse(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryTake(VersionLength, out _)
            || !reader.TryTake(HelloRandom.Length, out ReadOnlySpan<byte> random)
            || !reader.TryTakeShort(out ReadOnlySpan<byte> legacyId) || legacyId.Length > SslSessionId.MaxLength
            || !reader.TryTakeLong(out ReadOnlySpan<byte> ciphers) || ciphers.IsEmpty || ciphers.Length % 2 != 0
            || !reader.TryTakeShort(out ReadOnlySpan<byte> compressions) || compressions.IsEmpty)
        {
            return null;
        }

        Span<SslSessionId> ids = stackalloc SslSessionId[MaxIdentities + 1];
        int count = 0;
        if (!legacyId.IsEmpty)
        {
            ids[count++] = new SslSessionId(legacyId);
        }

        // Extensions may be missing, but nothing else may follow.
        ReadOnlySpan<byte> extensions = default;
        if (!reader.IsEmpty && (!reader.TryTakeLong(out extensions) || !reader.IsEmpty))
        {
            return null;
        }

        return TryParseExtensions(extensions, ids, ref count)
            ? new ClientHello(new HelloRandom(random), ids[..count].ToArray())
            : null;
    }

    private static bool TryParseExtensions(ReadOnlySpan<byte> extensions, Span<SslSessionId> ids, ref int count)
    {
        var reader = new WireReader(extensions);
        while (!reader.IsEmpty)
        {
            if (!reader.TryTakeNumber(out ushort type) || !reader.TryTakeLong(out ReadOnlySpan<byte> extension))
            {
                return false;
            }

            if (type == LibSsl.TLSEXT_TYPE_psk)
            {
                // The last one, says the RFC, and libssl insists.
                return reader.IsEmpty && TryParseIdentities(extension, ids, ref count);
            }
        }

        return true;
    }

    internal static bool TryParseIdentities(ReadOnlySpan<byte> extension, Span<SslSessionId> ids, ref int count)
    {
        var reader = new WireReader(extension);
        if (!reader.TryTakeLong(out ReadOnlySpan<byte> identities))
        {
            return false;
        }

        var left = new WireReader(identities);
        int kept = 0;
        while (!left.IsEmpty)
        {
            if (!left.TryTakeLong(out ReadOnlySpan<byte> identity) || !left.TryTake(AgeLength, out _))
            {
                return false;
            }

            if (identity.Length == SslSessionId.MaxLength && kept++ < MaxIdentities)
            {
                ids[count++] = new SslSessionId(identity);
            }
        }

        return true;
    }
}
