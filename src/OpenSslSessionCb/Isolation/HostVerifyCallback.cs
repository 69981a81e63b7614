using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Runs X509_verify_cert: at first without the host's verify callback, which is not bothered with whom OpenSSL refuses.</summary>
/// <remarks>
/// Some hosts note down what their callback was told: Apache would turn away the full handshake that follows, and HAProxy would take it
/// for one with a good certificate.
/// </remarks>
internal static unsafe class HostVerifyCallback
{
    private static readonly nint s_none = FindNone();

    /// <summary>Whether the chain is accepted, by OpenSSL alone.</summary>
    internal static bool IsAccepted(X509_STORE_CTX* context) => Verify(context, &SayTheSame, LibCrypto.X509_V_OK);

    /// <summary>The callback that libssl would call: the connection's, or else the store's; 0: there is none.</summary>
    /// <param name="context">As X509_STORE_CTX_init leaves it.</param>
    /// <param name="own">The connection's; 0: none.</param>
    internal static nint Of(X509_STORE_CTX* context, nint own)
    {
        nint callback = own != 0 ? own : (nint)LibCrypto.X509_STORE_CTX_get_verify_cb(context);
        return callback == s_none ? 0 : callback;
    }

    /// <summary>Whether the chain is accepted with this callback, and with the code that the full handshake ended with.</summary>
    internal static bool Asks(X509_STORE_CTX* context, nint callback, int expected) =>
        Verify(context, (delegate* unmanaged[Cdecl]<int, X509_STORE_CTX*, int>)callback, expected);

    private static bool Verify(X509_STORE_CTX* context, delegate* unmanaged[Cdecl]<int, X509_STORE_CTX*, int> callback, int expected)
    {
        LibCrypto.X509_STORE_CTX_set_verify_cb(context, callback);
        return LibCrypto.X509_verify_cert(context) > 0 && LibCrypto.X509_STORE_CTX_get_error(context) == expected;
    }

    /// <summary>The function of libcrypto's own that stands where there is none.</summary>
    private static nint FindNone()
    {
        X509_STORE* store = LibCrypto.X509_STORE_new();
        X509_STORE_CTX* context = LibCrypto.X509_STORE_CTX_new();
        nint none = context is not null && LibCrypto.X509_STORE_CTX_init(context, store, null, null) == 1
            ? (nint)LibCrypto.X509_STORE_CTX_get_verify_cb(context)
            : 0;
        LibCrypto.X509_STORE_CTX_free(context);
        LibCrypto.X509_STORE_free(store);
        return none;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SayTheSame(int isGood, X509_STORE_CTX* context) => isGood;
}
