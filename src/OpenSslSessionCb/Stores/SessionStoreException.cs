namespace OpenSslSessionCb;

/// <summary>A session store failed. The message names the store and what can be done about it.</summary>
public sealed class SessionStoreException : Exception
{
    /// <summary>For whoever writes a store.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">Which store, and what can be done about it; no secret, for it is logged.</param>
    /// <param name="innerException">What the store's own client said.</param>
    public SessionStoreException(SessionStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why.</summary>
    public SessionStoreFailure Failure { get; }
}
