using System.Buffers.Binary;

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
            int length = FirstLength(certificates);
            if (length == 0)
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

    /// <summary>Of the first SEQUENCE, its header included; 0: there is none, or not all of it.</summary>
    private static int FirstLength(ReadOnlySpan<byte> der)
    {
        const byte Sequence = 0x30;
        const int LongForm = 0x80;
        if (der.Length < 2 || der[0] != Sequence)
        {
            return 0;
        }

        int bytes = der[1] < LongForm ? 0 : der[1] - LongForm;
        if (bytes > 2 || der.Length < 2 + bytes)
        {
            return 0;
        }

        int content = bytes switch
        {
            0 => der[1],
            1 => der[2],
            _ => BinaryPrimitives.ReadUInt16BigEndian(der[2..]),
        };
        int length = 2 + bytes + content;
        return length <= der.Length ? length : 0;
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
