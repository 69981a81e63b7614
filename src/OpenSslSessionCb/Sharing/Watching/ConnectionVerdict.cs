namespace OpenSslSessionCb;

/// <summary>
/// What .NET has to say about the client of one connection: it says so after the handshake, when libssl has given out the sessions
/// already, and to nobody. See <see cref="ConnectionVerdicts"/>.
/// </summary>
/// <remarks>One thread at a time, as with the connection itself.</remarks>
internal sealed class ConnectionVerdict(SessionPipeline pipeline)
{
    // As many tickets as a handshake may give out.
    private const int Most = 16;

    private readonly List<SslSessionId> _announced = [];
    private SslSessionId? _givenOut;
    private bool _hasSentFinished;
    private bool _hasReadFinished;

    /// <summary>Whether both ends have proved that they know the secret: libssl has nothing more to say.</summary>
    internal bool IsHandshakeDone => _hasSentFinished && _hasReadFinished;

    /// <summary>libssl was given a session to resume. The last one counts: it looks no further than the first that is of use.</summary>
    internal void GivesOut(SslSessionId id) => _givenOut = id;

    internal void Announces(SslSessionId id)
    {
        if (_announced.Count < Most)
        {
            _announced.Add(id);
        }
    }

    /// <param name="sent">By us, and not by the client.</param>
    /// <param name="isResumed">Whether the handshake resumes: what was given out is the client's own then, not only named by it.</param>
    internal void Finished(bool sent, bool isResumed)
    {
        _hasSentFinished |= sent;
        _hasReadFinished |= !sent;
        if (!isResumed)
        {
            _givenOut = null;
        }
    }

    /// <summary>The host has closed the connection without a word: none of its sessions is worth another try.</summary>
    internal void TurnAway()
    {
        if (_givenOut is { } resumed)
        {
            pipeline.TurnAway(resumed);
        }

        foreach (SslSessionId id in _announced)
        {
            pipeline.TurnAway(id);
        }
    }
}
