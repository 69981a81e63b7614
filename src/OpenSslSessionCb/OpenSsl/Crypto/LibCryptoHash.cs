using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>SHA-256, HMAC-SHA-256 and random bytes, from the libcrypto that is bound.</summary>
/// <remarks>Any thread. A failure is libcrypto's own (out of memory, refused by a policy), never the input's.</remarks>
internal static unsafe class LibCryptoHash
{
    /// <summary>The length of both hashes, in bytes.</summary>
    internal const int Length = 32;

    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/HMAC/"/>
    internal static void HmacSha256(SecretBytes key, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        HmacSha256(key.Span, message, destination);
        GC.KeepAlive(key);
    }

    /// <inheritdoc cref="HmacSha256(SecretBytes, ReadOnlySpan{byte}, Span{byte})"/>
    internal static void HmacSha256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Length);
        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* keyStart = key, messageStart = message, result = destination)
        {
            byte* written = LibCrypto.HMAC(LibCrypto.EVP_sha256(), keyStart, key.Length, messageStart, (nuint)message.Length, result, null);
            OpenSslException.ThrowIfFailed(written is null ? 0 : 1, mark, nameof(LibCrypto.HMAC));
        }
    }

    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/EVP_DigestInit/"/>
    internal static void Sha256(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Length);
        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* messageStart = message, result = destination)
        {
            OpenSslException.ThrowIfFailed(
                LibCrypto.EVP_Digest(messageStart, (nuint)message.Length, result, null, LibCrypto.EVP_sha256(), null), mark);
        }
    }

    /// <exception cref="OpenSslException">libcrypto has no entropy.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/RAND_bytes/"/>
    internal static void FillRandom(Span<byte> destination)
    {
        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* start = destination)
        {
            OpenSslException.ThrowIfFailed(LibCrypto.RAND_bytes(start, destination.Length), mark);
        }
    }
}
