namespace OpenSslSessionCb;

/// <summary>
/// Threads of ours at work in libcrypto. A host that calls exit takes it away under them (OPENSSL_cleanup is an exit handler): by
/// then they have to be out, and stay out. One that forks waits until they are: the child would have libcrypto's locks as they are,
/// held by threads that it does not have, and its handshakes would wait for ever.
/// </summary>
internal static unsafe class LibCryptoUse
{
    private static int s_users;
    private static volatile bool s_hasEnded;

    /// <summary>Set, if at all, before anything else is done: what a host that forks waits for, on which a thread may be twice.</summary>
    internal static delegate* unmanaged<void> EnterFunction { get; set; }

    internal static delegate* unmanaged<void> LeaveFunction { get; set; }

    /// <summary>False: the process ends, and libcrypto may be gone. After true, <see cref="Leave"/>.</summary>
    internal static bool TryEnter()
    {
        if (EnterFunction is not null)
        {
            EnterFunction();
        }

        Interlocked.Increment(ref s_users);
        if (!s_hasEnded)
        {
            return true;
        }

        Leave();
        return false;
    }

    internal static void Leave()
    {
        Interlocked.Decrement(ref s_users);
        if (LeaveFunction is not null)
        {
            LeaveFunction();
        }
    }

    /// <summary>Lets nobody in any more, and waits for those who are; false: they are still at work after so long.</summary>
    internal static bool End(TimeSpan patience)
    {
        s_hasEnded = true;
        return SpinWait.SpinUntil(static () => Volatile.Read(ref s_users) == 0, patience);
    }
}
