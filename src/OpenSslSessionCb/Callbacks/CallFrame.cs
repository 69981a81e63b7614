namespace OpenSslSessionCb;

/// <summary>A callback that this thread is inside of. The frames are a list through the thread's own stack, innermost first.</summary>
/// <remarks>
/// SSL_CTX_remove_session calls the remove callback again whether or not it finds the session, so a handler that calls it
/// from OnRemove would recurse until the stack ends; so would a component that chains to our function after we have
/// chained to its own.
/// </remarks>
internal unsafe struct CallFrame
{
    [ThreadStatic]
    private static CallFrame* t_innermost;

    private readonly SessionCallbackKinds _kind;
    private readonly void* _owner;
    private readonly void* _session;
    private CallFrame* _outer;

    /// <param name="kind">The callback.</param>
    /// <param name="owner">The SSL, or for remove the SSL_CTX.</param>
    /// <param name="session">The session; for get, which has none, null.</param>
    internal CallFrame(SessionCallbackKinds kind, void* owner, void* session)
    {
        _kind = kind;
        _owner = owner;
        _session = session;
    }

    /// <summary>Whether the handler is running, and not what it is chained to.</summary>
    internal bool IsInHandler { get; set; }

    /// <summary>Whether this thread is inside this very call already.</summary>
    internal static bool IsInside(SessionCallbackKinds kind, void* owner, void* session)
    {
        for (CallFrame* frame = t_innermost; frame is not null; frame = frame->_outer)
        {
            if (frame->_owner == owner && frame->_session == session && frame->_kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a handler of this owner is running on this thread, in this callback, for whatever session.</summary>
    internal static bool IsHandlerRunning(SessionCallbackKinds kind, void* owner)
    {
        for (CallFrame* frame = t_innermost; frame is not null; frame = frame->_outer)
        {
            if (frame->_owner == owner && frame->_kind == kind && frame->IsInHandler)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts a frame, a local variable of the caller's, on the list.</summary>
    internal static void Enter(CallFrame* frame)
    {
        frame->_outer = t_innermost;
        t_innermost = frame;
    }

    internal static void Leave(CallFrame* frame) => t_innermost = frame->_outer;
}
