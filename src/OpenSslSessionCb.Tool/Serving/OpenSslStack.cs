using System.Net.Sockets;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>--stack openssl: an SSL_CTX of this program's own, driven through memory BIOs.</summary>
internal sealed class OpenSslStack : IServingStack
{
    private readonly SafeTlsContext _context;

    internal OpenSslStack(ServeOptions options, SessionCache cache)
    {
        _context = ServerContext.Create(options);
        cache.Attach(_context);
    }

    public IServedConnection Serve(Socket socket) => new TlsConnection(socket, new TlsEngine(_context, isServer: true));

    public void Dispose() => _context.Dispose();
}
