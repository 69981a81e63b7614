namespace OpenSslSessionCb;

/// <summary>What an <see cref="ISessionStore"/> promises beyond its contract.</summary>
[Flags]
public enum SessionStoreTraits
{
    /// <summary>Nothing more. Records are sealed, and calls are made away from libssl's threads.</summary>
    None = 0,

    /// <summary>
    /// Records never leave this process's memory, and every call completes at once, without I/O and without waiting.
    /// Calls may then be made on libssl's own thread, and a key ring is not required.
    /// </summary>
    InProcess = 1,

    /// <summary><see cref="ISessionStore.TakeAsync"/> is offered, and atomic among all processes that share the store.</summary>
    AtomicTake = 2,

    /// <summary>
    /// Each call waits for a network, and many at once cost no more than one: the cache then begins up to 64 writes before
    /// it waits for the first of them. Two writes to one key are never under way together.
    /// </summary>
    Pipelined = 4,
}
