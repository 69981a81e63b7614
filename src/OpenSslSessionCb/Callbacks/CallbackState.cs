using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What hangs on an SSL_CTX that was ever attached to: the handler while there is one, and what was set before us.
/// </summary>
/// <remarks>
/// It lives in an ex_data slot as a GCHandle, which the slot's free function frees: libssl calls that after the last
/// callback of the context. Detaching only empties it, so that a callback in flight finds an empty state and not a dead
/// one, and a component that has chained to our functions still gets through to what was set before us.
/// </remarks>
internal sealed unsafe class CallbackState
{
    private static readonly SessionCallbackKinds[] s_kinds =
        [SessionCallbackKinds.New, SessionCallbackKinds.Get, SessionCallbackKinds.Remove];

    private readonly SSL_CTX* _ctx;
    private CallbackSlots.Functions _original;
    private volatile SessionAttachment? _attachment;

    private CallbackState(SSL_CTX* ctx) => _ctx = ctx;

    /// <summary>The handler's attachment; null when nothing is attached. Read it once per callback.</summary>
    internal SessionAttachment? Attachment => _attachment;

    /// <summary>What to call beside the handler: what was set before us, unless it was replaced.</summary>
    internal CallbackSlots.Functions Chained { get; private set; }

    /// <summary>
    /// The attachment, if it took this callback. Our function may stand in a field that it did not ask for: see
    /// <see cref="PutBack"/>.
    /// </summary>
    internal SessionAttachment? HandlerFor(SessionCallbackKinds kind) =>
        _attachment is { } attachment && (attachment.Kinds & kind) != 0 ? attachment : null;

    /// <summary>
    /// What was decided about the context when a cache was attached to the whole process; null before its first ClientHello.
    /// </summary>
    internal IDecidedContext? Decided { get; set; }

    /// <summary>The context. For one that is alive.</summary>
    internal SSL_CTX* Context => _ctx;

    /// <summary>Whether it is this context's. For a context that is alive.</summary>
    internal bool IsOf(SSL_CTX* ctx) => _ctx == ctx;

    /// <summary>Held while that is decided.</summary>
    internal Lock Deciding { get; } = new();

    /// <summary>Guards attaching, detaching and the context's end. Never held while a callback runs.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>True once libssl has begun to free the context: its pointer is not to be touched any more.</summary>
    internal bool IsContextFreed { get; private set; }

    internal static CallbackState? Find(SSL_CTX* ctx)
    {
        void* handle = LibSsl.SSL_CTX_get_ex_data(ctx, ContextSlot.Index);
        return handle is null ? null : Unsafe.As<CallbackState>(GCHandle.FromIntPtr((nint)handle).Target);
    }

    /// <summary>Called under <see cref="ContextSlot.AttachGate"/>: two threads must not hang two states on one context.</summary>
    internal static CallbackState FindOrHang(SSL_CTX* ctx)
    {
        if (Find(ctx) is { } found)
        {
            return found;
        }

        var state = new CallbackState(ctx);
        var handle = GCHandle.Alloc(state);
        using ErrorMark mark = ErrorMark.Set();
        int set = LibSsl.SSL_CTX_set_ex_data(ctx, ContextSlot.Index, (void*)GCHandle.ToIntPtr(handle));
        if (set != 1)
        {
            handle.Free();
            OpenSslException.ThrowIfFailed(set, mark, nameof(LibSsl.SSL_CTX_set_ex_data));
        }

        ContextSlot.Remember(state);
        return state;
    }

    internal void Attach(SessionAttachment attachment, SessionAttachOptions options)
    {
        lock (Gate)
        {
            if (_attachment is not null)
            {
                throw new InvalidOperationException("This SSL_CTX has a session handler already; dispose of its SessionAttachment first.");
            }

            CallbackSlots.Functions current = CallbackSlots.Read(_ctx);
            _original = new(
                KeepIfOurs(current.New, CallbackSlots.Ours.New, _original.New),
                KeepIfOurs(current.Get, CallbackSlots.Ours.Get, _original.Get),
                KeepIfOurs(current.Remove, CallbackSlots.Ours.Remove, _original.Remove));
            Chained = options.Chain ? _original : default;

            // The state before the functions: a callback may come the moment that a function is set.
            _attachment = attachment;
            foreach (SessionCallbackKinds kind in s_kinds)
            {
                if (options.Kinds.HasFlag(kind))
                {
                    CallbackSlots.Write(_ctx, kind, CallbackSlots.Ours.Of(kind));
                }
            }
        }
    }

    internal void Detach(SessionAttachment attachment)
    {
        lock (Gate)
        {
            if (_attachment == attachment)
            {
                _attachment = null;
                Chained = _original;
                PutBack(contextIsIdle: false);
                if (!IsContextFreed)
                {
                    attachment.Detaching?.Invoke((nint)_ctx);
                }
            }
        }
    }

    /// <summary>Puts NULL back as well, where <see cref="Detach"/> left an inert function. For a context in no handshake.</summary>
    internal void Clear()
    {
        lock (Gate)
        {
            if (_attachment is null)
            {
                PutBack(contextIsIdle: true);
            }
        }
    }

    /// <summary>The process ends: from now on libssl must not come back here from its own teardown.</summary>
    /// <param name="inertRemove">A C function that may stand in for the remove callback and does nothing.</param>
    internal void Disarm(nint inertRemove)
    {
        lock (Gate)
        {
            _attachment = null;
            if (!IsContextFreed && CallbackSlots.Read(_ctx).Remove == CallbackSlots.Ours.Remove)
            {
                // Of the three only this one can be reached without a connection, by SSL_CTX_free. Never NULL: see PutBack.
                CallbackSlots.Write(_ctx, SessionCallbackKinds.Remove, _original.Remove != 0 ? _original.Remove : inertRemove);
            }
        }
    }

    /// <summary>Called by libssl's free function, after the last callback of the context.</summary>
    internal void ContextFreed()
    {
        lock (Gate)
        {
            IsContextFreed = true;
            _attachment = null;
        }

        Decided?.ContextFreed();
    }

    private static nint KeepIfOurs(nint current, nint ours, nint original) => current == ours ? original : current;

    private void PutBack(bool contextIsIdle)
    {
        if (IsContextFreed)
        {
            return;
        }

        CallbackSlots.Functions current = CallbackSlots.Read(_ctx);
        foreach (SessionCallbackKinds kind in s_kinds)
        {
            // Somebody who set a function over ours may have chained to it: theirs stays, and passes through us.
            bool isOurs = current.Of(kind) == CallbackSlots.Ours.Of(kind);

            // libssl reads the field twice, without a lock: "if (ctx->new_session_cb != NULL) { ...; ctx->new_session_cb(...)".
            // NULL between the two crashes the process, so while there may be handshakes our function stays, and does nothing.
            if (isOurs && (_original.Of(kind) != 0 || contextIsIdle))
            {
                CallbackSlots.Write(_ctx, kind, _original.Of(kind));
            }
        }
    }
}
