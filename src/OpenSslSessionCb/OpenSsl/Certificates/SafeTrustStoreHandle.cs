using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns one reference to an <c>X509_STORE</c>.</summary>
internal sealed unsafe class SafeTrustStoreHandle : SafeOpenSslHandle
{
    /// <summary>Takes a reference of its own; invalid when there is nothing to share.</summary>
    internal static SafeTrustStoreHandle Share(X509_STORE* shared)
    {
        var owned = new SafeTrustStoreHandle();
        if (shared is not null && LibCrypto.X509_STORE_up_ref(shared) == 1)
        {
            owned.SetHandle((nint)shared);
        }

        return owned;
    }

    protected override void Free(void* owned) => LibCrypto.X509_STORE_free((X509_STORE*)owned);
}
