using System.Collections.Concurrent;

namespace OpenSslSessionCb.Tests;

/// <summary>Keeps sessions as bytes, for any number of threads; forgets none.</summary>
internal sealed class KeepingHandler : ISessionHandler
{
    private readonly ConcurrentDictionary<SslSessionId, byte[]> _sessions = new();

    public int Count => _sessions.Count;

    public byte[] this[SslSessionId id] => _sessions[id];

    public IEnumerable<SslSessionId> Ids => _sessions.Keys;

    public void OnNew(SslRef ssl, SslSessionRef session) => _sessions[session.Id] = session.ToBytes();

    public SessionReply OnGet(SslRef ssl, SslSessionId id) =>
        _sessions.TryGetValue(id, out byte[]? encoded) ? SessionReply.Decode(encoded) : SessionReply.NotFound;

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
    }
}
