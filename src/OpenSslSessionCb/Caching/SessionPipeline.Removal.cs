namespace OpenSslSessionCb;

/// <summary>How sessions go before their time.</summary>
internal sealed partial class SessionPipeline
{
    /// <summary>Called by libssl's thread in the remove callback, perhaps under the context's lock.</summary>
    /// <remarks>
    /// An alert ends handshakes too that were never done, by anybody, each with an id of its own. Only a session that
    /// this process has announced, or given out, can be one of the store's.
    /// </remarks>
    internal void RemoveAfterAlert(SslSessionId id)
    {
        if (_announced.TryRemove(id))
        {
            _counters.RemovedAfterAlert.Increment();
            Remove(id);
        }
    }

    /// <summary>
    /// The host has turned away the client of a connection that has announced or resumed this session: its next attempt is to be a
    /// full handshake. Called by the thread that frees the connection.
    /// </summary>
    internal void TurnAway(SslSessionId id)
    {
        // Noted first: a lookup that is under way looks at it after it has put the session where it is removed from next.
        if (_turnedAway.TryAdd(id))
        {
            _counters.TurnedAway.Increment();
            Remove(id);
        }
    }

    /// <summary>Called by the host, or by libssl's thread.</summary>
    internal void Remove(SslSessionId id)
    {
        _near.Remove(id);
        if (_lookups.KnowsAnything)
        {
            _lookups.Forget(_records.KeyOf(id));
        }

        Queue(new WriteOperation(id, [], null, default));
    }

    /// <summary>Has a session at hand; false: its client was turned away, perhaps while the store was asked.</summary>
    private bool TryPutNear(SslSessionId id, SessionPrototype session, byte[] isolationContext, long expiresUnixMilliseconds)
    {
        _near.Put(id, session, isolationContext, expiresUnixMilliseconds);
        if (!_turnedAway.Contains(id))
        {
            return true;
        }

        _near.Remove(id);
        _counters.Reject(RecordProblem.TurnedAway);
        return false;
    }
}
