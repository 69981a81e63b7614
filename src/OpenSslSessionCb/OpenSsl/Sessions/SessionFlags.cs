using System.Formats.Asn1;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The flags of a session, which libssl shows to nobody but in its encoding (ssl_asn1.c: [13]).</summary>
internal static unsafe class SessionFlags
{
    private const int ExtendedMasterSecret = 1;

    private static readonly Asn1Tag s_flags = new(TagClass.ContextSpecific, 13);

    /// <summary>SSL_SESS_FLAG_EXTMS. One that cannot be read counts as one that has it.</summary>
    internal static bool HasExtendedMasterSecret(SSL_SESSION* session)
    {
        int length = SslSessionCodec.Measure(session);
        if (length is <= 0 or > SslSessionCodec.MaxEncodedLength)
        {
            return true;
        }

        using var secret = new SecretBuffer(length);
        SslSessionCodec.Encode(session, secret.Span);
        return (Read(secret.Span) & ExtendedMasterSecret) != 0;
    }

    /// <summary>All of them where it is not the encoding of a session.</summary>
    internal static int Read(ReadOnlySpan<byte> encoded)
    {
        while (!encoded.IsEmpty
            && AsnDecoder.TryReadEncodedValue(
                encoded, AsnEncodingRules.BER, out Asn1Tag tag, out int start, out int length, out int consumed))
        {
            if (tag == Asn1Tag.Sequence)
            {
                encoded = encoded.Slice(start, length);
            }
            else if (tag.HasSameClassAndValue(s_flags))
            {
                return AsnDecoder.TryReadInt32(encoded.Slice(start, length), AsnEncodingRules.BER, out int flags, out _) ? flags : -1;
            }
            else
            {
                encoded = encoded[consumed..];
            }
        }

        return encoded.IsEmpty ? 0 : -1;
    }
}
