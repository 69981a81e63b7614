using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>One node of a farm: a cache over the farm's store, attached to a server context of its own.</summary>
internal sealed class CacheNode : IAsyncDisposable
{
    private readonly int _version;
    private readonly bool _mutual;

    public CacheNode(ISessionStore store, int version, SessionCacheOptions? options = null, bool rsa = false, bool mutual = false,
        bool lookAhead = false, bool changesAfterHello = false)
    {
        _version = version;
        _mutual = mutual;
        Server = TlsContext.Server(version, rsa, mutual);
        Cache = new SessionCache(store, (options ?? new SessionCacheOptions()) with { LeaveStoreOpen = true });
        Attachment = Cache.Attach(Server, new SessionCacheAttachOptions { LookAhead = lookAhead, ChangesAfterHello = changesAfterHello });
    }

    public TlsContext Server { get; }

    public SessionCache Cache { get; }

    public SessionCacheAttachment Attachment { get; }

    public SessionCacheStatistics Statistics => Cache.Statistics;

    /// <summary>One connection; says whether it was resumed (both ends agree) and leaves what the client may offer next time.</summary>
    public bool Connect(ClientSession? offer, out ClientSession next, CloseKind how = CloseKind.Notify, string? hostName = null)
    {
        using TlsContext client = TlsContext.Client(_version, _mutual);
        using var pair = new TlsPair(Server, client, offer);
        pair.AskFor(hostName);
        pair.Connect();
        bool resumed = pair.Resumed;
        next = pair.TakeClientSession();
        pair.Close(how);
        return resumed;
    }

    /// <summary>A full handshake, if nothing is offered.</summary>
    public ClientSession FirstSession(CloseKind how = CloseKind.Notify, string? hostName = null)
    {
        Connect(null, out ClientSession session, how, hostName);
        return session;
    }

    public bool Resumes(ClientSession offer, CloseKind how = CloseKind.Notify, string? hostName = null)
    {
        bool resumed = Connect(offer, out ClientSession next, how, hostName);
        next.Dispose();
        return resumed;
    }

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        Server.Dispose();
    }
}
