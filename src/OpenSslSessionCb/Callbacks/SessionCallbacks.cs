using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>SSL_CTX_sess_set_new_cb, _remove_cb and _get_cb, made safe: attaches handlers to contexts that the caller owns.</summary>
/// <remarks>
/// The context is the caller's: it is never freed here, and its lifetime is not prolonged. Attach before the first
/// connection of the context. A connection belongs to the context that it was made from, but libssl only tells which context
/// SNI has switched it to: a handler is found on that one. Attach every context that SNI may switch to; a callback that finds
/// no handler answers as if none were set, and is counted in <see cref="UnattachedCallbackCount"/>.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_sess_set_get_cb/"/>
public static unsafe class SessionCallbacks
{
    /// <summary>
    /// How many callbacks came on a connection whose context has no handler, because SNI switched it to a context
    /// that is not attached. Counted since the process began.
    /// </summary>
    public static long UnattachedCallbackCount => SessionTrampolines.UnattachedCount;

    /// <summary>Attaches a handler to a context.</summary>
    /// <param name="sslCtx">An <c>SSL_CTX*</c> of the libssl that <see cref="OpenSslLibrary"/> is bound to.</param>
    /// <param name="handler">Called from then on, on libssl's threads.</param>
    /// <param name="options">Null: all three callbacks, chaining to what is set.</param>
    /// <returns>Disposing of it detaches and puts back what was set.</returns>
    /// <exception cref="ArgumentNullException">A null pointer or handler.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options name no callback.</exception>
    /// <exception cref="InvalidOperationException">The context has a handler already.</exception>
    /// <exception cref="OpenSslNotSupportedException">No libssl, or one below 1.1.1.</exception>
    public static SessionAttachment Attach(nint sslCtx, ISessionHandler handler, SessionAttachOptions? options = null)
    {
        if (sslCtx == 0)
        {
            throw new ArgumentNullException(nameof(sslCtx), "The SSL_CTX pointer is null.");
        }

        ArgumentNullException.ThrowIfNull(handler);
        options ??= new SessionAttachOptions();
        if (options.Kinds == SessionCallbackKinds.None || (options.Kinds & ~SessionCallbackKinds.All) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Kinds, "Kinds must name one, two or all three of the callbacks.");
        }

        // First of all: inside a static constructor its exception would be wrapped, and would stick.
        _ = OpenSslLibrary.Version;
        lock (ContextSlot.AttachGate)
        {
            CallbackState state = CallbackState.FindOrHang((SSL_CTX*)sslCtx);
            var attachment = new SessionAttachment(state, handler, options);
            state.Attach(attachment, options);
            return attachment;
        }
    }

    /// <summary>Attaches a handler to a context that a SafeHandle of the caller's owns. The handle is used during this call only.</summary>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    /// <inheritdoc cref="Attach(nint, ISessionHandler, SessionAttachOptions?)"/>
    public static SessionAttachment Attach(SafeHandle sslCtx, ISessionHandler handler, SessionAttachOptions? options = null) =>
        SafeContext.Use(sslCtx, ctx => Attach(ctx, handler, options));

    /// <summary>Reads back what the three getters say.</summary>
    /// <param name="sslCtx">An <c>SSL_CTX*</c>.</param>
    /// <returns>For each callback a C function pointer or 0. What <see cref="SessionAttachment.Dispose"/> leaves behind and
    /// does nothing is 0.</returns>
    public static SessionCallbackPointers Read(nint sslCtx)
    {
        if (sslCtx == 0)
        {
            throw new ArgumentNullException(nameof(sslCtx), "The SSL_CTX pointer is null.");
        }

        CallbackSlots.Functions set = CallbackSlots.Read((SSL_CTX*)sslCtx);
        CallbackState? state = CallbackState.Find((SSL_CTX*)sslCtx);
        return new SessionCallbackPointers(
            Visible(set, SessionCallbackKinds.New, state),
            Visible(set, SessionCallbackKinds.Get, state),
            Visible(set, SessionCallbackKinds.Remove, state));
    }

    /// <summary>
    /// Puts NULL back where <see cref="SessionAttachment.Dispose"/> left a function that does nothing. Only for a context
    /// that is in no handshake: libssl reads the field twice without a lock. Does nothing while a handler is attached.
    /// </summary>
    /// <param name="sslCtx">An <c>SSL_CTX*</c>.</param>
    public static void Clear(nint sslCtx)
    {
        if (sslCtx == 0)
        {
            throw new ArgumentNullException(nameof(sslCtx), "The SSL_CTX pointer is null.");
        }

        CallbackState.Find((SSL_CTX*)sslCtx)?.Clear();
    }

    private static nint Visible(CallbackSlots.Functions set, SessionCallbackKinds kind, CallbackState? state) =>
        set.Of(kind) == CallbackSlots.Ours.Of(kind) && state?.HandlerFor(kind) is null ? 0 : set.Of(kind);
}
