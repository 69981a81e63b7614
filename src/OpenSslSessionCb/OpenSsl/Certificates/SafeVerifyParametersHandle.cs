using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns an <c>X509_VERIFY_PARAM</c>.</summary>
internal sealed unsafe class SafeVerifyParametersHandle : SafeOpenSslHandle
{
    /// <summary>A copy of a connection's; invalid when memory is short.</summary>
    internal static SafeVerifyParametersHandle CopyOf(SSL* ssl)
    {
        var owned = new SafeVerifyParametersHandle();
        X509_VERIFY_PARAM* copy = LibCrypto.X509_VERIFY_PARAM_new();
        owned.SetHandle((nint)copy);
        if (copy is not null && LibCrypto.X509_VERIFY_PARAM_set1(copy, LibSsl.SSL_get0_param(ssl)) != 1)
        {
            owned.Dispose();
        }

        return owned;
    }

    protected override void Free(void* owned) => LibCrypto.X509_VERIFY_PARAM_free((X509_VERIFY_PARAM*)owned);
}
