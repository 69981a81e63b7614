using System.Net.Sockets;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>--stack openssl: an SSL_CTX of this program's own, driven through memory BIOs.</summary>
internal sealed class OpenSslStack : IServingStack
{
    private readonly SafeTlsContext _context;

    /// <param name="options">What serve was asked to do.</param>
    /// <param name="cache">Null: sessions stay with libssl, in its tickets.</param>
    internal OpenSslStack(ServeOptions options, SessionCache? cache)
    {
        _context = ServerContext.Create(options);
        if (cache is not null)
        {
            cache.Attach(_context, new SessionCacheAttachOptions { LookAhead = true });
        }
        else
        {
            NameSessions();
        }
    }

    public IServedConnection Serve(Socket socket) => new TlsConnection(socket, new TlsEngine(_context, isServer: true));

    public void Dispose() => _context.Dispose();

    /// <summary>Without a session id context libssl turns away every client that has a certificate and comes back.</summary>
    private unsafe void NameSessions()
    {
        fixed (byte* name = "sesscb"u8)
        {
            LibSslErrors.ThrowIfFailed(LibSsl.SSL_CTX_set_session_id_context(_context.Pointer, name, (uint)"sesscb"u8.Length),
                "libssl takes no session id context");
        }
    }
}
