namespace OpenSslSessionCb;

/// <summary>Lets one line of a kind into the log in a minute. Not to be copied.</summary>
internal struct OncePerMinute
{
    private const long Milliseconds = 60_000;

    // 0: none so far.
    private long _last;

    internal bool TryTake() => TryTake(Environment.TickCount64);

    /// <summary>At a time of the process's clock, in milliseconds above 0.</summary>
    internal bool TryTake(long now)
    {
        long last = Volatile.Read(ref _last);
        return (last == 0 || now - last >= Milliseconds) && Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
