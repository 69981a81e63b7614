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
    /// The host has taken a session back, or has put data of its own on it, after it was announced or given out: a copy would come
    /// back without. Called by the host's thread.
    /// </summary>
    internal void ForgetIfKnown(SslSessionId id, bool isOnlyNoted)
    {
        if (!(isOnlyNoted && !HostData.MayMatterLater) && _announced.TryRemove(id))
        {
            _counters.RemovedByHost.Increment();
            Remove(id);
        }
    }

    /// <summary>
    /// The host has turned away the client of a connection that has announced or resumed this session: its next attempt is to be a
    /// full handshake. Called by the thread that frees the connection.
    /// </summary>
    internal void TurnAway(SslSessionId id)
    {
        if (_removed.TryAdd(id))
        {
            _counters.TurnedAway.Increment();
            Forget(id);
        }
    }

    /// <summary>Called by the host, or by libssl's thread.</summary>
    internal void Remove(SslSessionId id)
    {
        _ = _removed.TryAdd(id);
        Forget(id);
    }

    /// <summary>
    /// After it is noted as removed: a lookup that is under way looks there after it has put the session where it goes from next.
    /// </summary>
    private void Forget(SslSessionId id)
    {
        _near.Remove(id);
        if (_lookups.KnowsAnything)
        {
            _lookups.Forget(_records.KeyOf(id));
        }

        Queue(new WriteOperation(id, [], null, default));
    }

    /// <summary>Has a session at hand; false: it was removed, perhaps while the store was asked.</summary>
    private bool TryPutNear(SslSessionId id, SessionPrototype session, byte[] isolationContext, long expiresUnixMilliseconds, long ring)
    {
        _near.Put(id, session, isolationContext, expiresUnixMilliseconds, ring);
        if (!_removed.Contains(id))
        {
            return true;
        }

        _near.Remove(id);
        _counters.Reject(RecordProblem.Removed);
        return false;
    }
}
