using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The three fields of an SSL_CTX: read and written one by one, without a lock, as libssl itself does.</summary>
internal static unsafe class CallbackSlots
{
    /// <summary>The functions of one context: each NULL or a C function pointer.</summary>
    internal readonly record struct Functions(nint New, nint Get, nint Remove);

    internal static readonly Functions Ours = new(
        EntryPoints.Guard(EntryPoint.New, (nint)(delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int>)&SessionTrampolines.New),
        EntryPoints.Guard(EntryPoint.Get, (nint)(delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*>)&SessionTrampolines.Get),
        EntryPoints.Guard(EntryPoint.Remove, (nint)(delegate* unmanaged[Cdecl]<SSL_CTX*, SSL_SESSION*, void>)&SessionTrampolines.Remove));

    internal static Functions Read(SSL_CTX* ctx) => new(
        (nint)LibSsl.SSL_CTX_sess_get_new_cb(ctx),
        (nint)LibSsl.SSL_CTX_sess_get_get_cb(ctx),
        (nint)LibSsl.SSL_CTX_sess_get_remove_cb(ctx));

    internal static void Write(SSL_CTX* ctx, SessionCallbackKinds kind, nint function)
    {
        switch (kind)
        {
            case SessionCallbackKinds.New:
                LibSsl.SSL_CTX_sess_set_new_cb(ctx, (delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int>)function);
                break;
            case SessionCallbackKinds.Get:
                LibSsl.SSL_CTX_sess_set_get_cb(ctx, (delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*>)function);
                break;
            case SessionCallbackKinds.Remove:
                LibSsl.SSL_CTX_sess_set_remove_cb(ctx, (delegate* unmanaged[Cdecl]<SSL_CTX*, SSL_SESSION*, void>)function);
                break;
        }
    }

    internal static nint Of(this Functions functions, SessionCallbackKinds kind) => kind switch
    {
        SessionCallbackKinds.New => functions.New,
        SessionCallbackKinds.Get => functions.Get,
        _ => functions.Remove,
    };
}
