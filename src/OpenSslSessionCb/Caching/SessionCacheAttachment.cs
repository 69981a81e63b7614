namespace OpenSslSessionCb;

/// <summary>A cache attached to a context. Disposing of it detaches; see <see cref="SessionAttachment"/> for what that means to handshakes in flight.</summary>
public sealed class SessionCacheAttachment : IDisposable
{
    private readonly SessionAttachment _callbacks;
    private readonly byte[] _isolationContext;

    internal SessionCacheAttachment(SessionAttachment callbacks, byte[] isolationContext)
    {
        _callbacks = callbacks;
        _isolationContext = isolationContext;
    }

    /// <summary>The 32 bytes that say where sessions of this context may be resumed; equal on every node that is set up alike.</summary>
    public ReadOnlySpan<byte> IsolationContext => _isolationContext;

    /// <summary>Whether the context's connections share their sessions: until <see cref="Dispose"/>, or until libssl frees the context.</summary>
    public bool IsAttached => _callbacks.IsAttached;

    /// <summary>How many callbacks failed inside the cache. Each was a full handshake and nothing worse.</summary>
    public long FailureCount => _callbacks.FailureCount;

    /// <summary>The last such failure.</summary>
    public Exception? LastFailure => _callbacks.LastFailure;

    /// <summary>Detaches. The settings of the context that can be read back are put back.</summary>
    public void Dispose() => _callbacks.Dispose();
}
