using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

// SSL_ctrl, SSL_CTX_ctrl and SSL_CTX_callback_ctrl, as <openssl/ssl.h> and <openssl/tls1.h> spell them.
//
// SSL_CTX_set_options and its five siblings take and return `unsigned long` in 1.1.1 and uint64_t from 3.0, and are bound
// as ulong. On 64-bit calling conventions the argument is the same register. On 64-bit Windows 1.1.1 reads and sets its
// lower half alone, so mask the result with uint.MaxValue there; no option of 1.1.1 lies above it.
public static unsafe partial class LibSsl
{
    public static long SSL_CTX_set_min_proto_version(SSL_CTX* ctx, int version) => Control(ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, version);

    public static long SSL_CTX_set_max_proto_version(SSL_CTX* ctx, int version) => Control(ctx, SSL_CTRL_SET_MAX_PROTO_VERSION, version);

    public static long SSL_CTX_get_min_proto_version(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_GET_MIN_PROTO_VERSION, 0);

    public static long SSL_CTX_get_max_proto_version(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_GET_MAX_PROTO_VERSION, 0);

    public static long SSL_set_min_proto_version(SSL* ssl, int version) => Control(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, version, null);

    public static long SSL_set_max_proto_version(SSL* ssl, int version) => Control(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, version, null);

    /// <summary>Copies <paramref name="name"/>, which ends in a zero byte.</summary>
    public static long SSL_set_tlsext_host_name(SSL* ssl, byte* name) =>
        Control(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);

    /// <summary>The cipher suites of the ClientHello, two bytes each, borrowed. Answers how many bytes; 0 before a hello.</summary>
    public static int SSL_get0_raw_cipherlist(SSL* ssl, byte** list) => (int)Control(ssl, SSL_CTRL_GET_RAW_CIPHERLIST, 0, list);

    public static long SSL_CTX_set_tlsext_servername_callback(SSL_CTX* ctx, delegate* unmanaged[Cdecl]<SSL*, int*, void*, int> callback) =>
        SSL_CTX_callback_ctrl(ctx, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, (delegate* unmanaged[Cdecl]<void>)callback).Value;

    public static long SSL_CTX_set_tlsext_servername_arg(SSL_CTX* ctx, void* argument) =>
        SSL_CTX_ctrl(ctx, SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, default, argument).Value;

    /// <summary>3.0 and later; before, the answer is null whatever was set.</summary>
    public static X509_STORE* SSL_get0_verify_cert_store(SSL* ssl)
    {
        X509_STORE* store = null;
        _ = Control(ssl, SSL_CTRL_GET_VERIFY_CERT_STORE, 0, &store);
        return store;
    }

    public static long SSL_set_current_cert(SSL* ssl, int operation) => Control(ssl, SSL_CTRL_SET_CURRENT_CERT, operation, null);

    public static long SSL_select_current_cert(SSL* ssl, X509* certificate) =>
        Control(ssl, SSL_CTRL_SELECT_CURRENT_CERT, 0, certificate);

    /// <summary>SSL_set_cert_flags with none: adds nothing, and answers those that are set.</summary>
    public static long SSL_get_cert_flags(SSL* ssl) => Control(ssl, SSL_CTRL_CERT_FLAGS, 0, null);

    public static SSL_SESSION* SSL_get0_session(SSL* ssl) => SSL_get_session(ssl);

    private static long Control(SSL_CTX* ctx, int command, long argument) =>
        SSL_CTX_ctrl(ctx, command, new CLong(checked((nint)argument)), null).Value;

    private static long Control(SSL* ssl, int command, long argument, void* pointer) =>
        SSL_ctrl(ssl, command, new CLong(checked((nint)argument)), pointer).Value;
}
