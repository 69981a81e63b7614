using System.Buffers.Binary;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Where a session may be resumed: a hash of the farm's name, the server certificate, and whether clients are verified. The same
/// on every node that is set up alike, another wherever one of them differs.
/// </summary>
/// <remarks>
/// A constant context lets a session cross from a host that asks for no client certificate to one that does; a random one
/// stops resumption between processes. Whom a host trusts is not in it, because it cannot be read off a context (CApath, CRLs,
/// callbacks): that is asked again, see <see cref="ClientDemand"/>.
/// </remarks>
internal static unsafe class IsolationContext
{
    internal static bool VerifiesClients(int verifyMode) => (verifyMode & LibSsl.SSL_VERIFY_PEER) != 0;

    /// <summary>Computes the 32 bytes.</summary>
    /// <param name="certificate">The one that is shown; null: none.</param>
    /// <param name="verifyMode">Of the connection.</param>
    /// <param name="farm">The farm's name.</param>
    internal static byte[] Compute(X509* certificate, int verifyMode, string farm)
    {
        using var input = new MemoryStream();
        Add(input, "OpenSslSessionCb isolation v2"u8);
        Add(input, Encoding.UTF8.GetBytes(farm));
        Add(input, Certificates.Encode(certificate));
        Add(input, [(byte)(VerifiesClients(verifyMode) ? 1 : 0)]);

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
