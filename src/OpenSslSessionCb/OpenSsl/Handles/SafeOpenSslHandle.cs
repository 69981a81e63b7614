using System.Runtime.InteropServices;

namespace OpenSslSessionCb;

/// <summary>Owns one reference to an object of OpenSSL's: as long as it does, no other object has its address.</summary>
internal abstract unsafe class SafeOpenSslHandle : SafeHandle
{
    protected SafeOpenSslHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>OpenSSL's own function that gives the reference back.</summary>
    protected abstract void Free(void* owned);

    protected sealed override bool ReleaseHandle()
    {
        // When the process ends it is left to the system.
        if (LibCryptoUse.TryEnter())
        {
            Free((void*)handle);
            LibCryptoUse.Leave();
        }

        return true;
    }
}
