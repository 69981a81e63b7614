using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A server connection that never hears anything, on which the installed get callback is called as libssl would.</summary>
internal sealed unsafe class IdleConnection : IDisposable
{
    private readonly SSL* _ssl;
    private readonly delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> _get;

    public IdleConnection(TlsContext server)
    {
        _ssl = LibSsl.SSL_new(server.Pointer);
        LibSsl.SSL_set_accept_state(_ssl);
        _get = LibSsl.SSL_CTX_sess_get_get_cb(server.Pointer);
    }

    public void Ask(byte[] id)
    {
        int copy = 1;
        HandshakeBudget.Renew(_ssl);
        fixed (byte* start = id)
        {
            LibSsl.SSL_SESSION_free(_get(_ssl, start, id.Length, &copy));
        }
    }

    public void Dispose() => LibSsl.SSL_free(_ssl);
}
