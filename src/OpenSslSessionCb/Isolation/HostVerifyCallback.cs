using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Runs X509_verify_cert with the host's verify callback behind one of ours, which does not bother it with a client that is to be
/// refused anyway: some hosts note down what their callback was told (Apache), and would turn away the full handshake that follows.
/// </summary>
internal static unsafe class HostVerifyCallback
{
    [ThreadStatic]
    private static Question* t_question;

    /// <summary>Whether the chain is accepted, and with this code.</summary>
    /// <param name="context">All set up, but for the callback.</param>
    /// <param name="hostCallback">The connection's; 0: none.</param>
    /// <param name="expected">The code that the full handshake ended with.</param>
    internal static bool Verify(X509_STORE_CTX* context, nint hostCallback, int expected)
    {
        // Without one of the connection's own the store's counts, which is what X509_STORE_CTX_init has set.
        Question question = new()
        {
            Callback = hostCallback != 0 ? hostCallback : (nint)LibCrypto.X509_STORE_CTX_get_verify_cb(context),
            Expected = expected,
            Outer = t_question,
        };
        LibCrypto.X509_STORE_CTX_set_verify_cb(context, &Judge);
        t_question = &question;
        try
        {
            return LibCrypto.X509_verify_cert(context) > 0 && LibCrypto.X509_STORE_CTX_get_error(context) == expected;
        }
        finally
        {
            t_question = question.Outer;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Judge(int isGood, X509_STORE_CTX* context)
    {
        // The callback is called on the thread that verifies, inside Verify.
        Question* question = t_question;
        if (isGood == 0 && question->Expected == 0)
        {
            return 0;
        }

        return question->Callback == 0
            ? isGood
            : ((delegate* unmanaged[Cdecl]<int, X509_STORE_CTX*, int>)question->Callback)(isGood, context);
    }

    /// <summary>On the stack of <see cref="Verify"/>. The host's callback may start another verification.</summary>
    private struct Question
    {
        internal nint Callback;
        internal int Expected;
        internal Question* Outer;
    }
}
