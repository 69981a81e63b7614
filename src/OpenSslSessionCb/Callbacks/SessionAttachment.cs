using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>A handler attached to a context. Disposing of it detaches.</summary>
/// <remarks>
/// <para>
/// <see cref="Dispose"/> may be called on any thread, with handshakes in flight, twice, and after the context is gone.
/// From then on what libssl calls does not reach the handler; a call that it has begun on another thread still may, and
/// runs to its end. What another component had set is put back. Where nothing was set, a function that does nothing stays: libssl
/// reads the field twice without a lock, and NULL between the two would crash a handshake in flight.
/// <see cref="SessionCallbacks.Clear"/> puts NULL back for a context that is in no handshake.
/// </para>
/// <para>The attachment does not keep the context alive; when libssl frees the context, the attachment ends by itself.</para>
/// </remarks>
public sealed class SessionAttachment : IDisposable
{
    private readonly CallbackState _state;
    private readonly HandlerFailures _failures;

    internal SessionAttachment(CallbackState state, ISessionHandler handler, SessionAttachOptions options)
    {
        _state = state;
        _failures = new HandlerFailures(options.Logger);
        Handler = handler;
        Kinds = options.Kinds;
        Detaching = options.Detaching;
    }

    /// <summary>How many times the handler threw, or answered with a session that could not be used.</summary>
    public long FailureCount => _failures.Count;

    /// <summary>What the handler threw last; null if it never threw.</summary>
    public Exception? LastFailure => _failures.Last;

    /// <summary>Whether callbacks come to the handler: until <see cref="Dispose"/>, or until libssl frees the context.</summary>
    public bool IsAttached => _state.Attachment == this;

    internal ISessionHandler Handler { get; }

    internal SessionCallbackKinds Kinds { get; }

    internal Action<nint>? Detaching { get; }

    /// <summary>Detaches.</summary>
    public void Dispose() => _state.Detach(this);

    internal void Park(SessionCallbackKinds callback, Exception exception) => _failures.Add(callback, exception);
}
