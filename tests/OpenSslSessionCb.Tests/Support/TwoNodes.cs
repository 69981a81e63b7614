using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Two nodes of a watched host with one store, each with a context and a cache of its own, and a client.</summary>
internal sealed class TwoNodes : IDisposable
{
    private readonly SessionKeyRing _ring = SessionKeyRing.Generate();
    private readonly MemorySessionStore _store = new();
    private readonly TlsContext[] _servers;
    private readonly SessionCache[] _caches;
    private readonly TlsContext _client;

    internal TwoNodes(int version, bool mutual = false)
    {
        var options = new SessionCacheOptions
        {
            KeyRing = _ring,
            LeaveStoreOpen = true,
            LookupDeadline = TimeSpan.FromSeconds(1),
            LeavesHostData = true,
        };
        _servers = [TlsContext.Server(version, mutual: mutual), TlsContext.Server(version, mutual: mutual)];
        _caches = [new SessionCache(_store, options), new SessionCache(_store, options)];
        _client = TlsContext.Client(version, withCertificate: mutual);
    }

    internal SessionCache First => _caches[0];

    internal SessionCache Second => _caches[1];

    internal TlsContext Server => _servers[0];

    internal TlsContext OtherServer => _servers[1];

    internal long Kept => First.Statistics.New - First.Statistics.NotKept;

    /// <summary>A session made at the first node, and written.</summary>
    internal ClientSession Make(WatchedHost host, Action<nint>? afterwards = null)
    {
        ClientSession made = host.Connect(First, Server, _client, null, out _, afterwards);
        Eventually.True(() => First.Statistics.Queued == 0, "it is written").GetAwaiter().GetResult();
        return made;
    }

    /// <summary>Whether it resumes at the second node, or at the first.</summary>
    internal bool Resumes(WatchedHost host, ClientSession session, bool atFirst = false)
    {
        host.Connect(atFirst ? First : Second, atFirst ? Server : OtherServer, _client, session, out bool resumed).Dispose();
        return resumed;
    }

    public void Dispose()
    {
        foreach (SessionCache cache in _caches)
        {
            cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        foreach (TlsContext server in _servers)
        {
            server.Dispose();
        }

        _client.Dispose();
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _ring.Dispose();
    }
}
