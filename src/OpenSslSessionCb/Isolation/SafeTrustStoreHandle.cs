using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns one reference to an <c>X509_STORE</c>: as long as it does, no other store has its address.</summary>
internal sealed unsafe class SafeTrustStoreHandle : SafeHandle
{
    public SafeTrustStoreHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

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

    protected override bool ReleaseHandle()
    {
        // When the process ends it is left to the system.
        if (LibCryptoUse.TryEnter())
        {
            LibCrypto.X509_STORE_free((X509_STORE*)handle);
            LibCryptoUse.Leave();
        }

        return true;
    }
}
