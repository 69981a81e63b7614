using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

public static unsafe partial class LibSsl
{
    /// <summary>1.1.1 only: from 3.0 it is a macro for <see cref="SSL_get1_peer_certificate"/>, and no symbol.</summary>
    [DllImport("libssl", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    public static extern X509* SSL_get_peer_certificate([NativeTypeName("const SSL *")] SSL* ssl);
}
