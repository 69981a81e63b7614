using System.Security.Cryptography;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>HMAC-SHA-256 under one key, whose two blocks are hashed once: for hashes that any client can ask for by the dozen.</summary>
/// <remarks>
/// libcrypto's HMAC looks its digest up and hashes the key anew on each call, which takes twice as long. Any thread: what is hashed
/// already is only copied, and each call goes on with the copies of its own thread. libcrypto zeroes what it frees; the key is zeroed
/// by its owner.
/// </remarks>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc2104"/>
internal sealed unsafe class KeyedHash
{
    private const int BlockLength = 64;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    [ThreadStatic]
    private static SafeDigestHandle? t_scratch;

    private readonly SafeDigestHandle _inner;
    private readonly SafeDigestHandle _outer;

    /// <param name="key">32 bytes, the caller's; not kept.</param>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal KeyedHash(SecretBytes key)
    {
        // A longer one would have to be hashed first.
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Span.Length, LibCryptoHash.Length);
        _inner = Begin(key, InnerPad);
        _outer = Begin(key, OuterPad);
    }

    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/EVP_DigestInit/"/>
    internal void Compute(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, LibCryptoHash.Length);
        EVP_MD_CTX* scratch = (t_scratch ??= SafeDigestHandle.Create()).Pointer;
        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* messageStart = message, result = destination)
        {
            Finish(_inner, scratch, messageStart, message.Length, result, mark);
            Finish(_outer, scratch, result, LibCryptoHash.Length, result, mark);
        }
    }

    private static SafeDigestHandle Begin(SecretBytes key, byte pad)
    {
        SafeDigestHandle begun = SafeDigestHandle.Create();
        using ErrorMark mark = ErrorMark.Set();
        Span<byte> block = stackalloc byte[BlockLength];
        block.Fill(pad);
        for (int i = 0; i < LibCryptoHash.Length; i++)
        {
            block[i] ^= key.Span[i];
        }

        GC.KeepAlive(key);
        try
        {
            fixed (byte* start = block)
            {
                OpenSslException.ThrowIfFailed(LibCrypto.EVP_DigestInit_ex(begun.Pointer, LibCrypto.EVP_sha256(), null), mark);
                OpenSslException.ThrowIfFailed(LibCrypto.EVP_DigestUpdate(begun.Pointer, start, BlockLength), mark);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }

        return begun;
    }

    private static void Finish(SafeDigestHandle begun, EVP_MD_CTX* scratch, byte* message, int length, byte* hash, ErrorMark mark)
    {
        OpenSslException.ThrowIfFailed(LibCrypto.EVP_MD_CTX_copy_ex(scratch, begun.Pointer), mark);
        GC.KeepAlive(begun);
        OpenSslException.ThrowIfFailed(LibCrypto.EVP_DigestUpdate(scratch, message, (nuint)length), mark);
        OpenSslException.ThrowIfFailed(LibCrypto.EVP_DigestFinal_ex(scratch, hash, null), mark);
    }
}
