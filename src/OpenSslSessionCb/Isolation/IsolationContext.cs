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
    private static ReadOnlySpan<byte> Tag => "OpenSslSessionCb isolation v3"u8;

    internal static bool VerifiesClients(int verifyMode) => (verifyMode & LibSsl.SSL_VERIFY_PEER) != 0;

    /// <summary>Computes the 32 bytes.</summary>
    /// <param name="certificate">The one that is shown; null: none.</param>
    /// <param name="verifyMode">Of the connection.</param>
    /// <param name="farm">The farm's name.</param>
    internal static byte[] Compute(X509* certificate, int verifyMode, string farm)
    {
        var message = new MessageBuilder(stackalloc byte[Tag.Length + (2 * LibCryptoHash.Length) + 1]);
        message.Add(Tag);
        message.Add(new FarmName(farm).Digest);
        Span<byte> digest = stackalloc byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(Certificates.Encode(certificate), digest);
        message.Add(digest);
        message.Add([(byte)(VerifiesClients(verifyMode) ? 1 : 0)]);

        var context = new byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(message.Written, context);
        return context;
    }
}
