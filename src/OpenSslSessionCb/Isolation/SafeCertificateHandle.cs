using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns one reference to an <c>X509</c>: as long as it does, no other certificate has its address.</summary>
internal sealed unsafe class SafeCertificateHandle : SafeHandle
{
    public SafeCertificateHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

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

    protected override bool ReleaseHandle()
    {
        // When the process ends it is left to the system.
        if (LibCryptoUse.TryEnter())
        {
            LibCrypto.X509_free((X509*)handle);
            LibCryptoUse.Leave();
        }

        return true;
    }
}
