using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>DER in and out. The caller holds an <see cref="ErrorMark"/>.</summary>
internal static unsafe class SslSessionCodec
{
    /// <summary>Far above what libssl writes (about 130 bytes, and the peer's leaf certificate), far below what could hurt.</summary>
    internal const int MaxEncodedLength = 64 * 1024;

    /// <summary>The DER's length, or 0 or less when the session cannot be encoded (i2d answers 0, not -1, without a cipher).</summary>
    internal static int Measure(SSL_SESSION* session) => LibSsl.i2d_SSL_SESSION(session, null);

    /// <summary>Writes exactly as many bytes as <see cref="Measure"/> said.</summary>
    internal static void Encode(SSL_SESSION* session, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            byte* position = start;
            _ = LibSsl.i2d_SSL_SESSION(session, &position);
        }
    }

    /// <summary>A copy of what can be encoded, the caller's, and of nothing else: no ex_data. Null when it cannot be encoded.</summary>
    internal static SSL_SESSION* Recode(SSL_SESSION* session)
    {
        int length = Measure(session);
        if (length is <= 0 or > MaxEncodedLength)
        {
            return null;
        }

        using var secret = new SecretBuffer(length);
        Encode(session, secret.Span);
        return Decode(secret.Span);
    }

    /// <summary>A new session, the caller's, or null: not DER of a session, or followed by anything, or of no cipher known here.</summary>
    internal static SSL_SESSION* Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded.Length > MaxEncodedLength)
        {
            return null;
        }

        fixed (byte* start = encoded)
        {
            byte* position = start;

            // A NULL target: d2i into an existing session keeps some of its old fields.
            SSL_SESSION* session = LibSsl.d2i_SSL_SESSION(null, &position, new CLong(encoded.Length));
            if (session is null)
            {
                return null;
            }

            // d2i stops where the SEQUENCE ends and says nothing about what follows; a session without a cipher
            // is a NULL dereference in libssl later on.
            if (position == start + encoded.Length && LibSsl.SSL_SESSION_get0_cipher(session) is not null)
            {
                return session;
            }

            LibSsl.SSL_SESSION_free(session);
            return null;
        }
    }
}
