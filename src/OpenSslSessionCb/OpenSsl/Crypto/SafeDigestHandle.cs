using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns an <c>EVP_MD_CTX</c>: a hash that is being computed.</summary>
internal sealed unsafe class SafeDigestHandle : SafeOpenSslHandle
{
    /// <exception cref="OpenSslException">Memory is short.</exception>
    internal static SafeDigestHandle Create()
    {
        var owned = new SafeDigestHandle();
        using ErrorMark mark = ErrorMark.Set();
        EVP_MD_CTX* context = LibCrypto.EVP_MD_CTX_new();
        OpenSslException.ThrowIfFailed(context is null ? 0 : 1, mark, nameof(LibCrypto.EVP_MD_CTX_new));
        owned.SetHandle((nint)context);
        return owned;
    }

    /// <summary>Whoever uses it keeps this object alive.</summary>
    internal EVP_MD_CTX* Pointer => (EVP_MD_CTX*)handle;

    protected override void Free(void* owned) => LibCrypto.EVP_MD_CTX_free((EVP_MD_CTX*)owned);
}
