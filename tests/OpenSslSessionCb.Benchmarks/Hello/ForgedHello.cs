using System.Diagnostics;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A server with so many sites, each with a context, to which somebody offers ids that this farm did not make.</summary>
internal sealed unsafe class ForgedHello : IDisposable
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();
    private readonly SessionCache _cache;
    private readonly TlsContext[] _sites;
    private readonly byte[][] _ids;

    internal ForgedHello(int sites, int ids)
    {
        _cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { KeyRing = _ring });
        _sites = [.. Enumerable.Range(0, sites).Select(static i => TlsContext.Server(LibSsl.TLS1_3_VERSION, rsa: i % 2 == 1))];
        foreach (TlsContext site in _sites)
        {
            _cache.Attach(site);
        }

        var random = new Random(1);
        _ids = new byte[ids][];
        for (int i = 0; i < ids; i++)
        {
            random.NextBytes(_ids[i] = new byte[32]);
        }
    }

    /// <summary>One hello: libssl asks for each id in turn. In microseconds.</summary>
    internal double Take()
    {
        SSL* ssl = LibSsl.SSL_new(_sites[0].Pointer);
        LibSsl.SSL_set_accept_state(ssl);
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(_sites[0].Pointer);
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] id in _ids)
        {
            int copy = 1;
            fixed (byte* bytes = id)
            {
                LibSsl.SSL_SESSION_free(get(ssl, bytes, id.Length, &copy));
            }
        }

        double microseconds = Clock.MicrosecondsSince(start);
        LibSsl.SSL_free(ssl);
        return microseconds;
    }

    public void Dispose()
    {
        _cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _ring.Dispose();
        foreach (TlsContext site in _sites)
        {
            site.Dispose();
        }
    }
}
