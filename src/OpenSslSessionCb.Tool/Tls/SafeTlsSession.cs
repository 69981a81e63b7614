using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Owns one reference to a client's <c>SSL_SESSION</c>.</summary>
internal sealed unsafe class SafeTlsSession : SafeHandle
{
    public SafeTlsSession()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The newest session of a connection; in TLS 1.3 that of the last ticket that was read.</summary>
    internal static SafeTlsSession Of(TlsEngine engine)
    {
        var session = new SafeTlsSession();
        session.SetHandle((nint)LibSsl.SSL_get1_session(engine.Pointer));
        return session;
    }

    /// <summary>Has a client connection ask to resume this session. Before the handshake.</summary>
    internal void OfferOn(TlsEngine engine) =>
        LibSslErrors.ThrowIfFailed(LibSsl.SSL_set_session(engine.Pointer, (SSL_SESSION*)handle), "libssl does not offer this session");

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_SESSION_free((SSL_SESSION*)handle);
        return true;
    }
}
