using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Owns exactly one reference to an <c>SSL_SESSION</c>.</summary>
internal sealed unsafe class SafeSslSessionHandle : SafeOpenSslHandle
{
    /// <summary>Takes over the caller's reference.</summary>
    internal static SafeSslSessionHandle Adopt(SSL_SESSION* session)
    {
        var owned = new SafeSslSessionHandle();
        owned.SetHandle((nint)session);
        return owned;
    }

    /// <summary>Takes a reference of its own; the caller's is untouched.</summary>
    internal static SafeSslSessionHandle Share(SSL_SESSION* session)
    {
        // Allocate first: nothing after SSL_SESSION_up_ref may throw, or the reference leaks.
        var owned = new SafeSslSessionHandle();
        using ErrorMark mark = ErrorMark.Set();
        OpenSslException.ThrowIfFailed(LibSsl.SSL_SESSION_up_ref(session), mark);
        owned.SetHandle((nint)session);
        return owned;
    }

    protected override void Free(void* owned) => LibSsl.SSL_SESSION_free((SSL_SESSION*)owned);
}
