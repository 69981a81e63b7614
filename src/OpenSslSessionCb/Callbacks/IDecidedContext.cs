namespace OpenSslSessionCb;

/// <summary>What was decided about a context, and hangs on it.</summary>
internal interface IDecidedContext
{
    /// <summary>Called by libssl's free function, after the last callback of the context.</summary>
    void ContextFreed();
}
