using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Probe;

/// <summary>
/// Ends the process with an attached context alive, sessions in its internal cache. WHEN is when the context is freed:
/// "never"; "atexit", by the C library, when the runtime has ended; "thread", by a native thread while it ends; "busy": never, and
/// threads go on shaking hands. HOW is "return" or "exit".
/// </summary>
internal static unsafe partial class ProcessEnd
{
    private static int s_handshakes;

    public static int Run(string when, string how)
    {
        // Up to 3.6 libcrypto cleans up at exit, and whoever still uses it crashes, with or without us.
        _ = LibCrypto.OPENSSL_init_crypto(when == "busy" ? LibCrypto.OPENSSL_INIT_NO_ATEXIT : 0, null);
        TlsContext server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        LibSsl.SSL_CTX_set_options(server.Pointer, LibSsl.SSL_OP_NO_TICKET);
        SessionAttachment attachment = SessionCallbacks.Attach(server, new SayingHandler());
        Connect(server, client);

        nint free = OpenSslLibrary.GetExport("SSL_CTX_free");
        switch (when)
        {
            case "atexit":
                // For the C library the context is the argument, and SSL_CTX_free the function: no .NET in between.
                LibSsl.SSL_CTX_up_ref(server.Pointer);
                server.Dispose();
                AtExit(free, server.Raw, 0);
                break;
            case "thread":
                LibSsl.SSL_CTX_up_ref(server.Pointer);
                nint raw = server.Raw;
                server.Dispose();
                AppDomain.CurrentDomain.ProcessExit += (_, _) =>
                {
                    nint thread;
                    CreateThread(&thread, 0, free, raw);
                    JoinThread(thread, 0);
                };
                break;
            case "busy":
                StartShaking(server, client);
                break;
        }

        Console.WriteLine($"alive {LibSsl.SSL_CTX_sess_number(server.Pointer) > 0 && attachment.IsAttached}");
        if (how == "exit")
        {
            Environment.Exit(0);
        }

        GC.KeepAlive(client);
        return 0;
    }

    private static void StartShaking(TlsContext server, TlsContext client)
    {
        for (int i = 0; i < 3; i++)
        {
            new Thread(() =>
            {
                while (true)
                {
                    Connect(server, client);
                    Interlocked.Increment(ref s_handshakes);
                }
            })
            { IsBackground = true }.Start();
        }

        SpinWait.SpinUntil(static () => Volatile.Read(ref s_handshakes) > 30);
    }

    private static void Connect(TlsContext server, TlsContext client)
    {
        using var pair = new TlsPair(server, client);
        pair.Connect();
        pair.Close();
    }

    [DllImport("libc", EntryPoint = "__cxa_atexit")]
    private static extern int AtExit(nint function, nint argument, nint image);

    [DllImport("libc", EntryPoint = "pthread_create")]
    private static extern int CreateThread(nint* thread, nint attributes, nint function, nint argument);

    [DllImport("libc", EntryPoint = "pthread_join")]
    private static extern int JoinThread(nint thread, nint result);

    private sealed class SayingHandler : ISessionHandler
    {
        public void OnNew(SslRef ssl, SslSessionRef session)
        {
        }

        public SessionReply OnGet(SslRef ssl, SslSessionId id) => SessionReply.NotFound;

        public void OnRemove(SslSessionRef session, SessionRemoveReason reason) => Console.WriteLine("removed");
    }
}
