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
    internal static int Open(byte* store, byte* keyFile, byte* farm, int deadlineMilliseconds, int logLevel,
        delegate* unmanaged[Cdecl]<int, byte*, void*, void> log, int watcherSlot, int sharesWithoutCertificate)
    {
        HostCallbacks.WatcherSlot = watcherSlot;
        NativeLog lines = s_lines = new NativeLog((nint)log, 0, logLevel);
        NativeLog.Current ??= lines;
        bool shares = sharesWithoutCertificate != 0;
        var settings = (store: (nint)store, keyFile: (nint)keyFile, farm: (nint)farm, deadlineMilliseconds, lines, shares);
        Status status = Call.Run(settings, static call =>
        {
            s_cache = NativeCache.Open(Exports.Text(call.store)!, Exports.Text(call.keyFile), Exports.Text(call.farm),
                call.deadlineMilliseconds, call.lines, call.shares);
            _ = s_cache.Register();
            s_attachment = s_cache.Sessions.AttachToWatchedProcess();
            call.lines.Write(NativeLog.Information, $"TLS sessions are shared by way of {NativeCache.NameOf(Exports.Text(call.store)!)}, "
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
