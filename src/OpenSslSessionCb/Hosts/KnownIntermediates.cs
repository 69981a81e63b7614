using System.Formats.Asn1;

namespace OpenSslSessionCb;

/// <summary>
/// The intermediates that .NET can build a client's chain with even if the client does not send them; see
/// <see cref="ProcessAttachOptions.ClientIntermediates"/>. Known by their SHA-256, computed once.
/// </summary>
internal sealed class KnownIntermediates
{
    private readonly byte[][] _hashes;

    /// <param name="certificates">Each in DER.</param>
    internal KnownIntermediates(IEnumerable<ReadOnlyMemory<byte>> certificates) =>
        _hashes = [.. certificates.Select(static certificate => Hash(certificate.Span))];

    /// <summary>Whether all of these are known.</summary>
    /// <param name="certificates">In DER, one behind the other.</param>
    internal bool Cover(ReadOnlySpan<byte> certificates)
    {
        if (_hashes.Length == 0)
        {
            return certificates.IsEmpty;
        }

        Span<byte> hash = stackalloc byte[LibCryptoHash.Length];
        while (!certificates.IsEmpty)
        {
            if (!AsnDecoder.TryReadEncodedValue(certificates, AsnEncodingRules.DER, out _, out _, out _, out int length))
            {
                return false;
            }

            LibCryptoHash.Sha256(certificates[..length], hash);
            if (!Has(hash))
            {
                return false;
            }

            certificates = certificates[length..];
        }

        return true;
    }

    private static byte[] Hash(ReadOnlySpan<byte> certificate)
    {
        var hash = new byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(certificate, hash);
        return hash;
    }

    private bool Has(ReadOnlySpan<byte> hash)
    {
        foreach (byte[] known in _hashes)
        {
            if (hash.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
