using System.Text;

namespace OpenSslSessionCb;

/// <summary>A farm's name, hashed once, so that it has one length wherever it is bound into something.</summary>
internal sealed class FarmName
{
    /// <summary>Of the digest, in bytes.</summary>
    internal const int Length = LibCryptoHash.Length;

    private readonly byte[] _digest = new byte[Length];

    internal FarmName(string name) => LibCryptoHash.Sha256(Encoding.UTF8.GetBytes(name), _digest);

    internal ReadOnlySpan<byte> Digest => _digest;
}
