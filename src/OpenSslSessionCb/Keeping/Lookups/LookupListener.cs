namespace OpenSslSessionCb;

/// <summary>Who is told how lookups go. Its members never throw.</summary>
internal abstract class LookupListener
{
    /// <summary>The store has thrown.</summary>
    internal abstract void Failed(Exception exception);

    /// <summary>A wait for the store has ended.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="start">When it began, a Stopwatch's timestamp.</param>
    internal abstract void Answered(LookupOutcome outcome, long start);

    /// <summary>The breaker has opened (true), or the store has answered again.</summary>
    internal abstract void StoreIsAway(bool away);
}
