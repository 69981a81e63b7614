using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Native;

/// <summary>What is behind the functions that native/preload calls, which are in Guards/preload_exports.c.</summary>
internal static unsafe class PreloadExports
{
    private static NativeCache? s_cache;
    private static ProcessAttachment? s_attachment;
    private static NativeLog? s_lines;
    private static int s_hasFailed;

    /// <summary>Once in a process, for its first ClientHello. 0, or what went wrong is in the log.</summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_preload_open", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Open(PreloadSettings* settings)
    {
        HostCallbacks.WatcherSlot = settings->ContextSlot;
        HostIdContext.WatcherSlot = settings->ConnectionSlot;
        HostIdContext.AreSeveral = settings->HasSeveralIdContexts;
        NativeLog lines = s_lines = new NativeLog((nint)settings->Log, 0, settings->LogLevel);
        NativeLog.Current ??= lines;
        Status status = Call.Run((nint)settings, static given =>
        {
            var call = (PreloadSettings*)given;
            string store = Exports.Text(call->Store)!;
            s_cache = NativeCache.Open(store, Exports.Text(call->KeyFile), Exports.Text(call->Farm),
                call->DeadlineMilliseconds, s_lines!, call->SharesWithoutCertificate != 0, SettingNames.OfVariables);
            HostProgram.Watch(Exports.Text(call->Program) ?? "");
            _ = s_cache.Register();
            s_attachment = s_cache.Sessions.AttachToWatchedProcess();
            s_lines!.Write(NativeLog.Information, $"TLS sessions are shared by way of {NativeCache.NameOf(store)}, "
                + $"with OpenSSL {OpenSslLibrary.Version}.");
        });
        if (status != Status.Ok)
        {
            // A server's master is root as a rule, and may do what this process may not.
            string who = status is Status.KeyFile or Status.Store ? $" The process runs as user {geteuid()}." : "";
            lines.Write(NativeLog.Error, $"Sessions are not shared: {LastError.Sentence}{who}");
        }

        return (int)status;
    }

    /// <summary>Always lets the handshake go on: the worst that can happen here is that it does not share.</summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_preload_client_hello", CallConvs = [typeof(CallConvCdecl)])]
    internal static void ClientHello(SSL* ssl, SSL_CTX* bornFrom)
    {
        if (s_attachment is not { } attachment)
        {
            return;
        }

        using ErrorMark mark = ErrorMark.Set();
        try
        {
            attachment.OnClientHello(ssl, bornFrom);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>After the host's callback for the server name. 0: the handshake must not go on.</summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_preload_server_name", CallConvs = [typeof(CallConvCdecl)])]
    internal static int ServerName(SSL* ssl)
    {
        using ErrorMark mark = ErrorMark.Set();
        try
        {
            return ProcessAttachment.OnServerName(ssl) ? 1 : 0;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return ProcessAttachment.IsInDoubt(ssl) ? 0 : 1;
        }
    }

    /// <summary>The host has put data of its own on a session (0), or has taken it back (1).</summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_preload_session_changed", CallConvs = [typeof(CallConvCdecl)])]
    internal static void SessionChanged(SSL_SESSION* session, int what)
    {
        try
        {
            s_cache?.Sessions.ForgetIfKnown(new SslSessionRef(session).Id, isOnlyNoted: what == 0);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>All are counted, and the first one is logged.</summary>
    private static void Fail(Exception exception)
    {
        s_attachment?.Fail(exception);
        if (Interlocked.Exchange(ref s_hasFailed, 1) == 0)
        {
            s_lines?.Write(NativeLog.Error, $"A connection could not be looked at, and goes on without sharing; "
                + $"others like it are not reported. {exception.GetType().Name}: {exception.Message}");
        }
    }

    [DllImport("libc")]
    private static extern uint geteuid();
}
