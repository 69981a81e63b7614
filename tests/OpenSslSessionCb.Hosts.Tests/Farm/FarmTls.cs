using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>The clients' side of libssl: a context that speaks one version of TLS and believes any certificate.</summary>
internal sealed unsafe class FarmTls : IDisposable
{
    private SSL_CTX* _context;

    internal FarmTls(string version)
    {
        // Tests of this process attach a cache to it: they need the one that SslStream has.
        OpenSslLibrary.UseSslStreamLibrary();
        int number = version == "1.2" ? LibSsl.TLS1_2_VERSION : LibSsl.TLS1_3_VERSION;
        _context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        _ = LibSsl.SSL_CTX_set_min_proto_version(_context, number);
        _ = LibSsl.SSL_CTX_set_max_proto_version(_context, number);
    }

    /// <summary>A connection over a socket that blocks. The caller frees it.</summary>
    internal SSL* Connect(int socket, SSL_SESSION* session)
    {
        SSL* ssl = LibSsl.SSL_new(_context);
        _ = LibSsl.SSL_set_fd(ssl, socket);
        if (session is not null)
        {
            _ = LibSsl.SSL_set_session(ssl, session);
        }

        return ssl;
    }

    public void Dispose()
    {
        LibSsl.SSL_CTX_free(_context);
        _context = null;
    }
}
