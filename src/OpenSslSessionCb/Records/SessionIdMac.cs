using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>Session ids that prove who made them: 24 random bytes, and 8 of a MAC over them and the farm.</summary>
/// <remarks>
/// A forged id, one of another farm, or the random one that a client of TLS 1.3 sends to a server of TLS 1.2 on every full
/// handshake, is told without a trip to the store. 8 bytes are enough for that: whoever guesses one has won a trip that finds nothing.
/// The ring's index key makes the MAC, because it stays when the keys rotate.
/// </remarks>
internal sealed class SessionIdMac(SessionKeyRing ring, FarmName farm)
{
    /// <summary>Of every id, in bytes: what libssl allows at most, and TLS 1.3 needs.</summary>
    internal const int IdLength = SslSessionId.MaxLength;

    private const int MacLength = 8;

    private static ReadOnlySpan<byte> Label => "OpenSslSessionCb 2 session id\0"u8;

    /// <summary>Makes an id.</summary>
    /// <param name="id">Room for <see cref="IdLength"/> bytes.</param>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal void Fill(Span<byte> id)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(id.Length, IdLength);
        LibCryptoHash.FillRandom(id[..^MacLength]);
        Compute(id[..^MacLength], id[^MacLength..]);
    }

    /// <summary>Whether one of this farm made the id.</summary>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal bool IsGenuine(SslSessionId id)
    {
        if (id.Length != IdLength)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[MacLength];
        Compute(id.Span[..^MacLength], mac);
        return CryptographicOperations.FixedTimeEquals(mac, id.Span[^MacLength..]);
    }

    private void Compute(ReadOnlySpan<byte> random, Span<byte> mac)
    {
        MessageBuilder message = new(stackalloc byte[Label.Length + FarmName.Length + IdLength]);
        message.Add(Label);
        message.Add(farm.Digest);
        message.Add(random);

        Span<byte> hash = stackalloc byte[LibCryptoHash.Length];
        ring.Snapshot.Index.Compute(message.Written, hash);
        hash[..MacLength].CopyTo(mac);
    }
}
