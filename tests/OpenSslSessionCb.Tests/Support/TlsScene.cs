using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A server context and a client context that fit each other.</summary>
internal sealed unsafe class TlsScene : IDisposable
{
    private readonly int _version;

    /// <param name="version">The one version that both speak.</param>
    /// <param name="mutual">The server demands a client certificate.</param>
    /// <param name="internalCache">libssl's own cache is on as well.</param>
    public TlsScene(TlsProtocolVersion version, bool mutual = false, bool internalCache = false)
    {
        _version = (int)version;
        Server = NewServer(mutual);
        Client = TlsContext.Client(_version, mutual);
        if (internalCache)
        {
            LibSsl.SSL_CTX_set_session_cache_mode(Server.Pointer, LibSsl.SSL_SESS_CACHE_SERVER);
        }
    }

    public TlsContext Server { get; }

    public TlsContext Client { get; }

    /// <summary>Another server context with the same certificate, as another process would have.</summary>
    public TlsContext NewServer(bool mutual = false)
    {
        TlsContext server = TlsContext.Server(_version, mutual: mutual);
        Osr.osr_ctx_external_sessions(server.Pointer);
        return server;
    }

    /// <summary>A connection; answers with what the client would offer next.</summary>
    public ClientSession Connect(ClientSession? offer = null, CloseKind how = CloseKind.Notify)
    {
        using var pair = new TlsPair(Server, Client, offer);
        pair.Connect();
        ClientSession session = pair.TakeClientSession();
        pair.Close(how);
        return session;
    }

    /// <summary>A connection that offers a session; answers whether it was resumed.</summary>
    public bool Resumes(ClientSession offer, TlsContext? server = null)
    {
        using var pair = new TlsPair(server ?? Server, Client, offer);
        pair.Connect();
        bool resumed = pair.Resumed;
        pair.Close();
        return resumed;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
