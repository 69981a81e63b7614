using System.Collections.Concurrent;

namespace OpenSslSessionCb.Probe;

/// <summary>Keeps sessions as objects, answers in each of the ways there are, and leaves some to the finalizer.</summary>
internal sealed class ChurnHandler : ISessionHandler
{
    private readonly ConcurrentDictionary<SslSessionId, SslSession> _sessions = new();
    private int _asked;

    public void OnNew(SslRef ssl, SslSessionRef session) => _sessions[session.Id] = session.ToOwned();

    public SessionReply OnGet(SslRef ssl, SslSessionId id)
    {
        if (!_sessions.TryGetValue(id, out SslSession? session))
        {
            return SessionReply.NotFound;
        }

        // The session may be disposed of on another thread meanwhile: then this throws, and the handshake is a full one.
        return (Interlocked.Increment(ref _asked) % 4) switch
        {
            0 => SessionReply.CopyOf(session),
            1 => SessionReply.Decode(session.ToBytes()),
            2 => SessionReply.Found(SslSession.FromBytes(session.ToBytes(), id)),
            _ => SessionReply.Decode(session.ToBytes().AsSpan(1)),
        };
    }

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason) => _sessions.TryRemove(session.Id, out _);

    public void DisposeSome(int count)
    {
        foreach (SslSessionId id in _sessions.Keys.Take(count))
        {
            if (_sessions.TryRemove(id, out SslSession? session))
            {
                session.Dispose();
            }
        }
    }
}
