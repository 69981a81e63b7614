using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Reference;

/// <summary>libosr.so: the C reference and the TLS pair of native/reference, under C's own names.</summary>
public static unsafe partial class Osr
{
    /// <summary>OSR_CLOCK_MONOTONIC of server_clock.h, for <see cref="osr_use_clock"/>.</summary>
    public const int ClockMonotonic = 1;

    private const string Library = "libosr";

    [DllImport(Library)]
    public static extern void* osr_cache_new(nuint buckets);

    [DllImport(Library)]
    public static extern void osr_cache_free(void* cache);

    [DllImport(Library)]
    public static extern void osr_cache_attach(void* cache, SSL_CTX* ctx);

    [DllImport(Library)]
    public static extern void osr_cache_detach(SSL_CTX* ctx);

    [DllImport(Library)]
    public static extern void osr_cache_record(void* cache, int on);

    [DllImport(Library)]
    public static extern nuint osr_cache_transcript(void* cache, byte* buffer, nuint size);

    [DllImport(Library)]
    public static extern void osr_ctx_external_sessions(SSL_CTX* ctx);

    [DllImport(Library)]
    public static extern SSL_CTX* osr_server_ctx(int version, byte* keyKind, int mtls);

    [DllImport(Library)]
    public static extern SSL_CTX* osr_client_ctx(int version, int withClientCertificate);

    [DllImport(Library)]
    public static extern int osr_demand_client_name(SSL* server, byte* name);

    [DllImport(Library)]
    public static extern int osr_show_certificate_of(SSL* server, SSL_CTX* other);

    [DllImport(Library)]
    public static extern void* osr_pair_new(SSL_CTX* server, SSL_CTX* client, SSL_SESSION* offer);

    [DllImport(Library)]
    public static extern void osr_pair_free(void* pair);

    [DllImport(Library)]
    public static extern int osr_pair_handshake(void* pair);

    [DllImport(Library)]
    public static extern int osr_pair_exchange(void* pair);

    [DllImport(Library)]
    public static extern int osr_pair_close(void* pair, int how);

    [DllImport(Library)]
    public static extern SSL* osr_pair_server(void* pair);

    [DllImport(Library)]
    public static extern SSL* osr_pair_client(void* pair);

    [DllImport(Library)]
    public static extern SSL_SESSION* osr_pair_client_session(void* pair);

    [DllImport(Library)]
    public static extern byte* osr_pair_error(void* pair);

    [DllImport(Library)]
    public static extern byte* osr_last_error();

    [DllImport(Library)]
    public static extern int osr_bench(
        SSL_CTX* server, SSL_CTX* client, int resumed, int iterations, ulong* serverNanoseconds, int* reused);

    [DllImport(Library)]
    public static extern void osr_use_clock(int clock);

    [DllImport(Library)]
    public static extern void osr_live_sessions_start();

    [DllImport(Library)]
    public static extern CLong osr_live_sessions();

    // Before the first call, and before any other assembly asks for libssl: the matrix chooses one by path.
    [ModuleInitializer]
    internal static void Load()
    {
        if (Environment.GetEnvironmentVariable("OPENSSLSESSIONCB_TEST_LIBSSL") is { Length: > 0 } libssl)
        {
            OpenSslLibrary.Use(libssl);
        }

        string path = Environment.GetEnvironmentVariable("OSR_LIBRARY") is { Length: > 0 } given
            ? given
            : Path.Combine(typeof(Osr).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(static m => m.Key == "NativeReferenceOutput").Value!, "libosr.so");
        NativeLibrary.SetDllImportResolver(typeof(Osr).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(path) : 0);
    }
}
