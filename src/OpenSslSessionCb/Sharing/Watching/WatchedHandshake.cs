using System.Diagnostics;

namespace OpenSslSessionCb;

/// <summary>How the handshake of one connection ends, for somebody who waits for it outside of libssl. Any thread.</summary>
internal sealed class WatchedHandshake(Action? done)
{
    private const int Unknown = 0;
    private const int Full = 1;
    private const int Reused = 2;
    private const int NeverKnown = 3;

    private long _started;
    private long _ended;
    private int _outcome;

    /// <summary>Null before the end; and for good where it cannot be known.</summary>
    internal bool? Resumed => Volatile.Read(ref _outcome) switch
    {
        Full => false,
        Reused => true,
        _ => null,
    };

    /// <summary>From <see cref="Begin"/> to the end. Null when <see cref="Resumed"/> is.</summary>
    internal TimeSpan? Duration => Resumed is null ? null : Stopwatch.GetElapsedTime(_started, _ended);

    /// <summary>The ClientHello is there.</summary>
    internal void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Called by libssl's thread. The first time counts.</summary>
    internal void Done(bool resumed)
    {
        _ended = Stopwatch.GetTimestamp();
        if (Interlocked.CompareExchange(ref _outcome, resumed ? Reused : Full, Unknown) == Unknown)
        {
            done?.Invoke();
        }
    }

    /// <summary>It will never be known whether this connection resumed.</summary>
    internal void Forsake() => Interlocked.CompareExchange(ref _outcome, NeverKnown, Unknown);
}
