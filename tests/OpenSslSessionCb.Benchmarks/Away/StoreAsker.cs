using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Asks for sessions as libssl does: through the get callback that is set on the context, on a live connection.</summary>
internal sealed unsafe class StoreAsker : IDisposable
{
    private readonly TlsContext _server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
    private readonly TlsContext _client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
    private readonly List<SslSessionId> _ids = [];
    private readonly TlsPair _live;
    private int _next;

    internal StoreAsker(SessionCache cache, int sessions)
    {
        cache.Attach(_server);
        for (int i = 0; i < sessions; i++)
        {
            using var pair = new TlsPair(_server, _client);
            pair.Connect();
            _ids.Add(new SslSessionRef(LibSsl.SSL_get_session(pair.Server)).Id);
            pair.Close();
        }

        _live = new TlsPair(_server, _client);
        _live.Connect();
    }

    /// <summary>How long libssl would have waited, and whether it would have got a session.</summary>
    internal (double Microseconds, bool Hit) Ask()
    {
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(_server.Pointer);
        ReadOnlySpan<byte> id = _ids[_next++ % _ids.Count].Span;
        int copy = 1;
        SSL_SESSION* found;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        fixed (byte* bytes = id)
        {
            found = get(_live.Server, bytes, id.Length, &copy);
        }

        double microseconds = Clock.MicrosecondsSince(start);
        LibSsl.SSL_SESSION_free(found);
        return (microseconds, found is not null);
    }

    public void Dispose()
    {
        _live.Close();
        _live.Dispose();
        _client.Dispose();
        _server.Dispose();
    }
}
