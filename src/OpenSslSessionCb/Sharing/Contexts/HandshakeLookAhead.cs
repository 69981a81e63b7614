using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Looking ahead for a host that drives SSL_do_handshake itself: the ClientHello callback answers SSL_CLIENT_HELLO_RETRY, the host
/// waits, and calls again; libssl then runs the callback on the same hello, and asks the get callback only after it has let the
/// handshake go on.
/// </summary>
internal static unsafe class HandshakeLookAhead
{
    internal static void SetCallback(nint sslCtx) => LibSsl.SSL_CTX_set_client_hello_cb((SSL_CTX*)sslCtx, &ClientHello, null);

    /// <summary>In the ClientHello callback. True: the handshake is to be suspended.</summary>
    internal static bool Begin(SSL* ssl, AheadLookups ahead)
    {
        if (PendingLookAheads.Find(ssl) is { } pending)
        {
            if (!pending.IsCompleted)
            {
                return true;
            }

            PendingLookAheads.Remove(ssl);
            return false;
        }

        if (ahead.Ask(OfferedIds.Read(ssl)) is not { IsCompleted: false } lookups)
        {
            return false;
        }

        PendingLookAheads.Add(ssl, lookups);
        return true;
    }

    /// <summary>Never fails a handshake: the worst is that it waits in the get callback.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ClientHello(SSL* ssl, int* alert, void* argument)
    {
        // Nothing has switched the context yet.
        if (CallbackState.Find(LibSsl.SSL_get_SSL_CTX(ssl))?.Attachment is not { Handler: AttachedContext context } attachment)
        {
            return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
        }

        using ErrorMark mark = ErrorMark.Set();
        try
        {
            return Begin(ssl, context.Ahead) ? LibSsl.SSL_CLIENT_HELLO_RETRY : LibSsl.SSL_CLIENT_HELLO_SUCCESS;
        }
        catch (Exception exception)
        {
            attachment.Park(SessionCallbackKinds.Get, exception);
            return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
        }
    }
}
