using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The functions libssl calls. Each finds the state, guards the error queue, calls the handler, parks what went wrong, and answers.
/// Nothing escapes: an exception that crossed into C would end the process.
/// </summary>
internal static unsafe class SessionTrampolines
{
    private static long s_unattached;

    internal static long UnattachedCount => Volatile.Read(ref s_unattached);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int New(SSL* ssl, SSL_SESSION* session)
    {
        CallbackState? state = FindState(ssl);
        if (state is null || CallFrame.IsInside(SessionCallbackKinds.New, ssl, session))
        {
            return 0;
        }

        if (state.HandlerFor(SessionCallbackKinds.New) is { } attachment && LibSsl.SSL_is_server(ssl) == 1)
        {
            using ErrorMark mark = ErrorMark.Set();
            try
            {
                attachment.Handler.OnNew(new SslRef(ssl), new SslSessionRef(session));
            }
            catch (Exception exception)
            {
                attachment.Park(SessionCallbackKinds.New, exception);
            }
        }

        // 0: libssl drops its reference, and a handler that kept the session took its own. What was set before us
        // may keep libssl's reference, and says so by its answer.
        nint next = state.Chained.New;
        if (next == 0)
        {
            return 0;
        }

        var frame = new CallFrame(SessionCallbackKinds.New, ssl, session);
        CallFrame.Enter(&frame);
        int kept = ((delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int>)next)(ssl, session);
        CallFrame.Leave(&frame);
        return kept;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static SSL_SESSION* Get(SSL* ssl, byte* id, int length, int* copy)
    {
        CallbackState? state = FindState(ssl);
        if (state is null || CallFrame.IsInside(SessionCallbackKinds.Get, ssl, null))
        {
            return null;
        }

        if (state.HandlerFor(SessionCallbackKinds.Get) is { } attachment
            && LibSsl.SSL_is_server(ssl) == 1 && length is > 0 and <= SslSessionId.MaxLength)
        {
            using ErrorMark mark = ErrorMark.Set();
            try
            {
                var asked = new SslSessionId(new ReadOnlySpan<byte>(id, length));
                SSL_SESSION* found = GetReply.Execute(attachment.Handler.OnGet(new SslRef(ssl), asked), ssl, asked);
                if (found is not null)
                {
                    // libssl has set it to 1, which would make it take a second reference, and leak ours.
                    *copy = 0;
                    return found;
                }
            }
            catch (Exception exception)
            {
                attachment.Park(SessionCallbackKinds.Get, exception);
            }
        }

        nint next = state.Chained.Get;
        if (next == 0)
        {
            return null;
        }

        var frame = new CallFrame(SessionCallbackKinds.Get, ssl, null);
        CallFrame.Enter(&frame);
        SSL_SESSION* others = ((delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*>)next)(ssl, id, length, copy);
        CallFrame.Leave(&frame);
        return others;
    }

    /// <remarks>
    /// libssl may hold the context's lock (before 3.6.5 and 4.0.2): nothing here calls into the context but to read its ex_data.
    /// </remarks>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Remove(SSL_CTX* ctx, SSL_SESSION* session)
    {
        // This one is told its context by libssl, and it is the right one.
        CallbackState? state = CallbackState.Find(ctx);
        if (state is null || CallFrame.IsInside(SessionCallbackKinds.Remove, ctx, session))
        {
            return;
        }

        // What the handler itself makes libssl remove, from OnRemove, is no news to it.
        bool handlerCalls = CallFrame.IsHandlerRunning(SessionCallbackKinds.Remove, ctx);
        var frame = new CallFrame(SessionCallbackKinds.Remove, ctx, session);
        CallFrame.Enter(&frame);
        if (!handlerCalls && state.HandlerFor(SessionCallbackKinds.Remove) is { } attachment)
        {
            SessionRemoveReason reason = RemoveReasons.Read(session);
            using ErrorMark mark = ErrorMark.Set();
            try
            {
                frame.IsInHandler = true;
                attachment.Handler.OnRemove(new SslSessionRef(session), reason);
            }
            catch (Exception exception)
            {
                attachment.Park(SessionCallbackKinds.Remove, exception);
            }

            frame.IsInHandler = false;
        }

        nint next = state.Chained.Remove;
        if (next != 0)
        {
            ((delegate* unmanaged[Cdecl]<SSL_CTX*, SSL_SESSION*, void>)next)(ctx, session);
        }

        CallFrame.Leave(&frame);
    }

    /// <summary>The state of the context that the connection was made from, as far as that can be known.</summary>
    internal static CallbackState? FindState(SSL* ssl)
    {
        // SSL_get_SSL_CTX names the context that SNI switched to, not the one whose callback this is, and libssl has no getter
        // for that one. Where the ClientHello callback is ours, it has remembered it.
        CallbackState? state = ConnectionOrigins.Get(ssl)?.State ?? CallbackState.Find(LibSsl.SSL_get_SSL_CTX(ssl));
        if (state is null)
        {
            Interlocked.Increment(ref s_unattached);
        }

        return state;
    }
}
