using System.Security.Cryptography;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>AES-256-GCM with a 12-byte nonce and a 16-byte tag, from the libcrypto that is bound.</summary>
/// <remarks>Any thread; each has a cipher context of its own, freed some time after the thread has ended.</remarks>
/// <seealso href="https://docs.openssl.org/master/man3/EVP_EncryptInit/"/>
internal static unsafe class Aes256Gcm
{
    internal const int KeyLength = 32;
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    [ThreadStatic]
    private static ContextHandle? t_context;

    /// <summary>Encrypts <paramref name="data"/> where it lies.</summary>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal static void Encrypt(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data, Span<byte> tag)
    {
        ThrowIfNotLengths(key, nonce, tag);
        using ErrorMark mark = ErrorMark.Set();
        EVP_CIPHER_CTX* context = Context(mark);
        fixed (byte* keyStart = key, nonceStart = nonce, associatedStart = associated, dataStart = data, tagStart = tag)
        {
            byte* rest = stackalloc byte[TagLength];
            int written;
            OpenSslException.ThrowIfFailed(LibCrypto.EVP_EncryptInit_ex(context, null, null, keyStart, nonceStart), mark);
            if (!associated.IsEmpty)
            {
                OpenSslException.ThrowIfFailed(
                    LibCrypto.EVP_EncryptUpdate(context, null, &written, associatedStart, associated.Length), mark);
            }

            if (!data.IsEmpty)
            {
                OpenSslException.ThrowIfFailed(LibCrypto.EVP_EncryptUpdate(context, dataStart, &written, dataStart, data.Length), mark);
            }

            OpenSslException.ThrowIfFailed(LibCrypto.EVP_EncryptFinal_ex(context, rest, &written), mark);
            OpenSslException.ThrowIfFailed(
                LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.EVP_CTRL_AEAD_GET_TAG, TagLength, tagStart), mark);
        }

        ForgetKey(context, mark);
    }

    /// <summary>Decrypts, and answers whether all of it is genuine; if not, <paramref name="destination"/> is zeroed.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associated">What was given to <see cref="Encrypt"/>.</param>
    /// <param name="data">What it encrypted.</param>
    /// <param name="tag">16 bytes.</param>
    /// <param name="destination">As long as <paramref name="data"/>, and not overlapping it.</param>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal static bool TryDecrypt(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associated,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> tag,
        Span<byte> destination)
    {
        ThrowIfNotLengths(key, nonce, tag);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, data.Length);
        using ErrorMark mark = ErrorMark.Set();
        bool genuine = false;
        try
        {
            EVP_CIPHER_CTX* context = Context(mark);
            fixed (byte* keyStart = key, nonceStart = nonce, associatedStart = associated,
                dataStart = data, tagStart = tag, result = destination)
            {
                byte* rest = stackalloc byte[TagLength];
                int written;
                OpenSslException.ThrowIfFailed(LibCrypto.EVP_DecryptInit_ex(context, null, null, keyStart, nonceStart), mark);
                if (!associated.IsEmpty)
                {
                    OpenSslException.ThrowIfFailed(
                        LibCrypto.EVP_DecryptUpdate(context, null, &written, associatedStart, associated.Length), mark);
                }

                if (!data.IsEmpty)
                {
                    OpenSslException.ThrowIfFailed(LibCrypto.EVP_DecryptUpdate(context, result, &written, dataStart, data.Length), mark);
                }

                OpenSslException.ThrowIfFailed(
                    LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.EVP_CTRL_AEAD_SET_TAG, TagLength, tagStart), mark);
                genuine = LibCrypto.EVP_DecryptFinal_ex(context, rest, &written) > 0;
            }

            ForgetKey(context, mark);
            return genuine;
        }
        finally
        {
            if (!genuine)
            {
                CryptographicOperations.ZeroMemory(destination);
            }
        }
    }

    private static EVP_CIPHER_CTX* Context(ErrorMark mark)
    {
        if (t_context is null)
        {
            var created = new ContextHandle();
            OpenSslException.ThrowIfFailed(created.IsInvalid ? 0 : 1, mark, nameof(LibCrypto.EVP_CIPHER_CTX_new));

            // Once a thread: from 3.0 on naming the cipher makes libcrypto look it up among its providers.
            OpenSslException.ThrowIfFailed(
                LibCrypto.EVP_EncryptInit_ex(created.Pointer, LibCrypto.EVP_aes_256_gcm(), null, null, null), mark);
            t_context = created;
        }

        return t_context.Pointer;
    }

    /// <summary>Overwrites the key schedule; EVP_CIPHER_CTX_reset would too, but would free the cipher with it.</summary>
    private static void ForgetKey(EVP_CIPHER_CTX* context, ErrorMark mark)
    {
        byte* zeros = stackalloc byte[KeyLength];
        new Span<byte>(zeros, KeyLength).Clear();
        OpenSslException.ThrowIfFailed(LibCrypto.EVP_EncryptInit_ex(context, null, null, zeros, null), mark);
    }

    private static void ThrowIfNotLengths(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagLength, nameof(tag));
    }

    private sealed class ContextHandle : SafeOpenSslHandle
    {
        public ContextHandle() => SetHandle((nint)LibCrypto.EVP_CIPHER_CTX_new());

        internal EVP_CIPHER_CTX* Pointer => (EVP_CIPHER_CTX*)handle;

        protected override void Free(void* owned) => LibCrypto.EVP_CIPHER_CTX_free((EVP_CIPHER_CTX*)owned);
    }
}
