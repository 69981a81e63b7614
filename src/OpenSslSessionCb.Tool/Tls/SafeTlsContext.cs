using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Owns one reference to an <c>SSL_CTX</c>.</summary>
internal sealed unsafe class SafeTlsContext : SafeHandle
{
    public SafeTlsContext()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    internal SSL_CTX* Pointer => (SSL_CTX*)handle;

    internal static SafeTlsContext Create(SSL_METHOD* method)
    {
        var context = new SafeTlsContext();
        context.SetHandle((nint)LibSsl.SSL_CTX_new(method));
        return context.IsInvalid ? throw LibSslErrors.ToException("libssl made no context") : context;
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free((SSL_CTX*)handle);
        return true;
    }
}
