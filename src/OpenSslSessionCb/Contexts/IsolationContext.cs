using System.Buffers.Binary;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Where a session may be resumed: a hash of the farm's name, the server certificate, the verify mode and the trusted
/// client CAs. The same on every node that is set up alike, another wherever one of them differs.
/// </summary>
/// <remarks>
/// A constant context lets a session cross from a host that asks for no client certificate to one that does; a random one
/// stops resumption between processes.
/// </remarks>
internal static unsafe class IsolationContext
{
    /// <summary>Computes the 32 bytes from the context as it is configured now.</summary>
    internal static byte[] Compute(nint sslCtx, string farm)
    {
        var ctx = (SSL_CTX*)sslCtx;
        return Compute(LibSsl.SSL_CTX_get0_certificate(ctx), LibSsl.SSL_CTX_get_verify_mode(ctx), ctx, farm);
    }

    /// <summary>Computes them for a connection, whose certificate and verify mode may be its own. Trust is the context's.</summary>
    internal static byte[] Compute(X509* certificate, int verifyMode, SSL_CTX* ctx, string farm)
    {
        using var input = new MemoryStream();
        Add(input, "OpenSslSessionCb isolation v1"u8);
        Add(input, Encoding.UTF8.GetBytes(farm));
        Add(input, Certificates.Encode(certificate));
        Add(input, [(byte)verifyMode]);
        if (verifyMode != LibSsl.SSL_VERIFY_NONE)
        {
            // The certificates and not only the CA names that are sent to clients: two CAs may have one name.
            foreach (byte[] trusted in Certificates.Trusted(ctx))
            {
                Add(input, trusted);
            }
        }

        var context = new byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(input.GetBuffer().AsSpan(0, (int)input.Length), context);
        return context;
    }

    /// <summary>With its length before it, so that no two lists of parts run together into the same bytes.</summary>
    private static void Add(MemoryStream input, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        input.Write(length);
        input.Write(part);
    }
}
