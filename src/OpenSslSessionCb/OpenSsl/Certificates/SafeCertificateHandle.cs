using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns one reference to an <c>X509</c>.</summary>
internal sealed unsafe class SafeCertificateHandle : SafeOpenSslHandle
{
    /// <summary>Takes a reference of its own; invalid when there is nothing to share.</summary>
    internal static SafeCertificateHandle Share(X509* shared)
    {
        var owned = new SafeCertificateHandle();
        if (shared is not null && LibCrypto.X509_up_ref(shared) == 1)
        {
            owned.SetHandle((nint)shared);
        }

        return owned;
    }

    protected override void Free(void* owned) => LibCrypto.X509_free((X509*)owned);
}
