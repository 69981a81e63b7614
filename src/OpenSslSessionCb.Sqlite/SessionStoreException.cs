namespace OpenSslSessionCb;

/// <summary>A session store failed. The message names the file and what can be done about it.</summary>
public sealed class SessionStoreException : Exception
{
    internal SessionStoreException(SessionStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why.</summary>
    public SessionStoreFailure Failure { get; }
}
