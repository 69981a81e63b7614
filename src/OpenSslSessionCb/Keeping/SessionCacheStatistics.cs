namespace OpenSslSessionCb;

/// <summary>
/// What a <see cref="SessionCache"/> has done since it was made. The numbers are read one after the other, not at one instant.
/// </summary>
public sealed record SessionCacheStatistics
{
    /// <summary>Sessions that libssl announced.</summary>
    public long New { get; init; }

    /// <summary>Sessions that libssl asked for.</summary>
    public long Get { get; init; }

    /// <summary>Of these, answered with a session.</summary>
    public long Hits { get; init; }

    /// <summary>Of the hits, answered from the decoded sessions of this process.</summary>
    public long NearHits { get; init; }

    /// <summary>Of the gets, answered with none, for whatever reason.</summary>
    public long Misses { get; init; }

    /// <summary>Of the misses, those where the store did not answer within the deadline, or was not asked because it is away.</summary>
    public long Late { get; init; }

    /// <summary>
    /// Whether the store is left alone now, because it failed or was late too often (<see cref="SessionCacheSettings.Breaker"/>).
    /// </summary>
    public bool IsStoreAway { get; init; }

    /// <summary>Of the misses, those where the id was not of this farm's making, so that the store was not asked.</summary>
    public long ForeignIds { get; init; }

    /// <summary>
    /// Of the misses, those where the handshake had asked for enough: 16 ids are looked at, and the store is asked for 4 of them.
    /// </summary>
    public long OverBudget { get; init; }

    /// <summary>Sessions removed from the store because libssl or the host said so.</summary>
    public long Removed { get; init; }

    /// <summary>
    /// Of the removed, those of connections whose client SslStream has turned away after the handshake: at its next attempt the client
    /// shows its certificate again.
    /// </summary>
    public long TurnedAway { get; init; }

    /// <summary>
    /// Sessions that were announced but not kept: not resumable, a stateless ticket, early data, no id, or of another context.
    /// </summary>
    public long NotKept { get; init; }

    /// <summary>Records that the store returned and that were refused, by reason.</summary>
    public IReadOnlyDictionary<string, long> RejectedByReason { get; init; } = new Dictionary<string, long>();

    /// <summary>All refused records.</summary>
    public long Rejected { get; init; }

    /// <summary>Calls to the store that failed, and exceptions in the callbacks.</summary>
    public long Errors { get; init; }

    /// <summary>
    /// Writes that the store has not confirmed yet. 0: everything announced so far is in the store, or was
    /// counted as dropped or as an error.
    /// </summary>
    public int Queued { get; init; }

    /// <summary>Writes that were dropped because the queue was full or the cache was being disposed of.</summary>
    public long Dropped { get; init; }

    /// <summary>Decoded sessions at hand now.</summary>
    public int NearCacheCount { get; init; }
}
