using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Reads certificates off a context, in DER.</summary>
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

    /// <summary>What the context trusts to sign client certificates, in an order that does not depend on how it was loaded.</summary>
    internal static List<byte[]> Trusted(SSL_CTX* ctx)
    {
        var trusted = new List<byte[]>();
        X509_STORE* store = LibSsl.SSL_CTX_get_cert_store(ctx);
        if (store is null)
        {
            return trusted;
        }

        // Borrowed, and not locked: a store that is being filled by another thread is not yet fit to serve.
        var objects = LibCrypto.X509_STORE_get0_objects(store);
        int count = LibCrypto.OPENSSL_sk_num((OPENSSL_STACK*)objects);
        for (int i = 0; i < count; i++)
        {
            // A CRL has no certificate here.
            X509* certificate = LibCrypto.X509_OBJECT_get0_X509((X509_OBJECT*)LibCrypto.OPENSSL_sk_value((OPENSSL_STACK*)objects, i));
            if (certificate is not null)
            {
                trusted.Add(Encode(certificate));
            }
        }

        trusted.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return trusted;
    }
}
