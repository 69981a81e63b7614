using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Sees every SSL_CTX that the process makes: libssl calls the new function of an ex_data slot inside SSL_CTX_new. There
/// a ClientHello callback is set and nothing else, so a client context is as it was: the callback runs on servers only,
/// after the host has set the context up.
/// </summary>
internal static unsafe class ProcessHook
{
    private static readonly Lock s_gate = new();
    private static volatile ProcessAttachment? s_current;
    private static bool s_registered;

    internal static bool IsAttached => s_current is not null;

    internal static void Begin(ProcessAttachment attachment)
    {
        lock (s_gate)
        {
            if (s_current is not null)
            {
                throw new InvalidOperationException(
                    "A session cache is attached to this process already; dispose of its ProcessAttachment first.");
            }

            if (!s_registered)
            {
                Register();
                s_registered = true;
            }

            s_current = attachment;
        }
    }

    internal static void End(ProcessAttachment attachment)
    {
        lock (s_gate)
        {
            if (s_current == attachment)
            {
                s_current = null;
            }
        }
    }

    private static void Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibSsl.SSL_CTX_get_ex_new_index(default, null, &NewContext, null, null);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_CTX_get_ex_new_index));
        SslStreamContexts.UseSlot(index);

        // From then on libcrypto calls functions of its own that do nothing.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = LibCrypto.CRYPTO_free_ex_index(LibCrypto.CRYPTO_EX_INDEX_SSL_CTX, index);
    }

    /// <summary>Called inside SSL_CTX_new, after libssl's defaults. Whether it is for servers is not known yet.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void NewContext(void* context, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (s_current is { } attachment)
        {
            attachment.CountContext();
            if (SslStreamCaller.IsCalling())
            {
                SslStreamContexts.Add(data, index);
            }

            LibSsl.SSL_CTX_set_client_hello_cb((SSL_CTX*)context, &ClientHello, null);
        }
    }

    /// <summary>Always lets the handshake go on: the worst that can happen here is that it does not share.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ClientHello(SSL* ssl, int* alert, void* argument)
    {
        if (s_current is { } attachment)
        {
            using ErrorMark mark = ErrorMark.Set();
            try
            {
                attachment.OnClientHello(ssl, LibSsl.SSL_get_SSL_CTX(ssl));
            }
            catch (Exception exception)
            {
                attachment.Fail(exception);
            }

            if (WatchedHellos.Count > 0)
            {
                Watch(ssl, attachment);
            }
        }

        return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
    }

    /// <summary>Whether or not the context shares: who has looked at the hello wants to know how the handshake ends.</summary>
    private static void Watch(SSL* ssl, ProcessAttachment attachment)
    {
        try
        {
            if (WatchedHellos.Claim(ssl) is { } handshake)
            {
                WatchedConnections.Watch(ssl, handshake);
            }
        }
        catch (Exception exception)
        {
            attachment.Fail(exception);
        }
    }
}
