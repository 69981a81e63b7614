using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// A cache attached to a context. Disposing of it detaches; see <see cref="SessionAttachment"/> for what that means to handshakes
/// in flight.
/// </summary>
public sealed class SessionCacheAttachment : IDisposable
{
    private readonly AheadLookups _ahead;
    private readonly SessionAttachment _callbacks;
    private readonly byte[] _isolationContext;

    internal SessionCacheAttachment(AheadLookups ahead, SessionAttachment callbacks, byte[] isolationContext)
    {
        _ahead = ahead;
        _callbacks = callbacks;
        _isolationContext = isolationContext;
    }

    /// <summary>The 32 bytes that say where sessions of this context may be resumed; equal on every node that is set up alike.</summary>
    public ReadOnlySpan<byte> IsolationContext => _isolationContext;

    /// <summary>
    /// Whether the context's connections share their sessions: until <see cref="Dispose"/>, or until libssl frees the context.
    /// </summary>
    public bool IsAttached => _callbacks.IsAttached;

    /// <summary>How many callbacks failed inside the cache. Each was a full handshake and nothing worse.</summary>
    public long FailureCount => _callbacks.FailureCount;

    /// <summary>The last such failure.</summary>
    public Exception? LastFailure => _callbacks.LastFailure;

    /// <summary>
    /// For a host's own ClientHello callback: true when it must answer SSL_CLIENT_HELLO_RETRY, because the store has yet to say
    /// what libssl will ask. Then await <see cref="WaitForLookupAsync"/> before the next SSL_do_handshake.
    /// </summary>
    /// <param name="ssl">An <c>SSL*</c>, inside its ClientHello callback. Borrowed for this call.</param>
    public unsafe bool MustWaitForLookup(nint ssl)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ssl);
        return IsAttached && HandshakeLookAhead.Begin((SSL*)ssl, _ahead);
    }

    /// <summary>Ends when the handshake can go on: with the store's answers, or at the lookup deadline.</summary>
    /// <param name="ssl">An <c>SSL*</c> whose handshake has returned with SSL_ERROR_WANT_CLIENT_HELLO_CB. Borrowed for this
    /// call, not for the wait.</param>
    /// <param name="cancellationToken">Ends the wait. The handshake may be called again or given up.</param>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public static unsafe Task WaitForLookupAsync(nint ssl, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ssl);
        return PendingLookAheads.Find((SSL*)ssl)?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    /// <summary>Detaches. The settings of the context that can be read back are put back.</summary>
    public void Dispose() => _callbacks.Dispose();
}
