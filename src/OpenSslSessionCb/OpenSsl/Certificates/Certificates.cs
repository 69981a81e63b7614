using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Certificates into DER and back, and the one that a connection shows.</summary>
internal static unsafe class Certificates
{
    /// <summary>Empty when there is no certificate.</summary>
    internal static byte[] Encode(X509* certificate)
    {
        if (certificate is null)
        {
            return [];
        }

        using ErrorMark mark = ErrorMark.Set();
        var der = new byte[Math.Max(0, LibCrypto.i2d_X509(certificate, null))];
        fixed (byte* start = der)
        {
            byte* position = start;
            OpenSslException.ThrowIfFailed(LibCrypto.i2d_X509(certificate, &position), mark);
        }

        return der;
    }

    /// <summary>All of a stack, one behind the other; null when they are more than the limit.</summary>
    internal static byte[]? EncodeAll(STACK_OF_X509* certificates, int maxLength)
    {
        int count = certificates is null ? 0 : LibCrypto.sk_X509_num(certificates);
        if (count <= 0)
        {
            return [];
        }

        using var all = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            all.Write(Encode(LibCrypto.sk_X509_value(certificates, i)));
            if (all.Length > maxLength)
            {
                return null;
            }
        }

        return all.ToArray();
    }

    /// <summary>The first of a connection's certificates, whichever libssl has chosen; the choice stays.</summary>
    internal static X509* FirstOf(SSL* ssl)
    {
        X509* chosen = LibSsl.SSL_get_certificate(ssl);
        if (chosen is null || LibSsl.SSL_set_current_cert(ssl, LibSsl.SSL_CERT_SET_FIRST) != 1)
        {
            return chosen;
        }

        X509* first = LibSsl.SSL_get_certificate(ssl);
        _ = LibSsl.SSL_select_current_cert(ssl, chosen);
        return first;
    }

    /// <summary>Whether all certificates are still valid then. False: one is not, or there is none.</summary>
    internal static bool LastUntil(STACK_OF_X509* certificates, long unixMilliseconds)
    {
        long time = unixMilliseconds / 1000;
        int count = certificates is null ? 0 : LibCrypto.sk_X509_num(certificates);
        for (int i = 0; i < count; i++)
        {
            // Negative: that is before, or at that time. 0: it cannot be read.
            if (LibCrypto.X509_cmp_time(LibCrypto.X509_getm_notAfter(LibCrypto.sk_X509_value(certificates, i)), &time) <= 0)
            {
                return false;
            }
        }

        return count > 0;
    }

    /// <summary>The caller's, to <see cref="Free"/>. What cannot be decoded ends the list: it was sealed, so it was none of ours.</summary>
    internal static STACK_OF_X509* DecodeAll(ReadOnlySpan<byte> certificates)
    {
        STACK_OF_X509* stack = LibCrypto.sk_X509_new_null();
        if (stack is null)
        {
            return null;
        }

        fixed (byte* start = certificates)
        {
            byte* position = start;
            byte* end = start + certificates.Length;
            while (position < end)
            {
                X509* certificate = LibCrypto.d2i_X509(null, &position, new CLong((nint)(end - position)));
                if (certificate is null)
                {
                    break;
                }

                if (LibCrypto.sk_X509_push(stack, certificate) <= 0)
                {
                    LibCrypto.X509_free(certificate);
                    break;
                }
            }
        }

        return stack;
    }

    internal static void Free(STACK_OF_X509* certificates)
    {
        if (certificates is null)
        {
            return;
        }

        for (int i = LibCrypto.sk_X509_num(certificates) - 1; i >= 0; i--)
        {
            LibCrypto.X509_free(LibCrypto.sk_X509_value(certificates, i));
        }

        LibCrypto.sk_X509_free(certificates);
    }
}
