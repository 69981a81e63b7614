namespace OpenSslSessionCb;

/// <summary>
/// Where a connection comes from, as its ClientHello callback remembers it, because libssl does not tell later which context a connection
/// was made from. Whoever remembers has more to say of it.
/// </summary>
/// <param name="state">Of that context, whichever one SNI moves the connection to; null: nobody watches it.</param>
internal abstract class ConnectionOrigin(CallbackState? state)
{
    private static long s_lastNumber;

    internal CallbackState? State { get; } = state;

    /// <summary>What stands in the slot of a connection. Never another one's.</summary>
    internal nint Number { get; } = (nint)Interlocked.Increment(ref s_lastNumber);
}
