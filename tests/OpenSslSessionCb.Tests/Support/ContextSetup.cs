using System.Text;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A host's own settings on its context, for tests that cannot be unsafe because they await.</summary>
internal static unsafe class ContextSetup
{
    public static void CacheSize(TlsContext context, int size) => LibSsl.SSL_CTX_sess_set_cache_size(context.Pointer, size);

    public static void CacheMode(TlsContext context, int mode) => LibSsl.SSL_CTX_set_session_cache_mode(context.Pointer, mode);

    public static void Options(TlsContext context, ulong options) => LibSsl.SSL_CTX_set_options(context.Pointer, options);

    public static void Verify(TlsContext context, int mode) => LibSsl.SSL_CTX_set_verify(context.Pointer, mode, null);

    public static void Tickets(TlsContext context, int count) => LibSsl.SSL_CTX_set_num_tickets(context.Pointer, (nuint)count);

    public static void EarlyData(TlsContext context, uint bytes) => LibSsl.SSL_CTX_set_max_early_data(context.Pointer, bytes);

    public static void SessionIdContext(TlsContext context, byte[] sessionIdContext)
    {
        fixed (byte* start = sessionIdContext)
        {
            LibSsl.SSL_CTX_set_session_id_context(context.Pointer, start, (uint)sessionIdContext.Length);
        }
    }

    public static void Ciphers(TlsContext context, string list)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(list + '\0'))
        {
            _ = LibSsl.SSL_CTX_set_cipher_list(context.Pointer, text);
        }
    }

    public static void CipherSuites(TlsContext context, string list)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(list + '\0'))
        {
            _ = LibSsl.SSL_CTX_set_ciphersuites(context.Pointer, text);
        }
    }

    /// <summary>RFC 6066, 4; 0: the client asks for none.</summary>
    public static void FragmentLength(TlsContext client, byte mode) =>
        _ = ((delegate* unmanaged[Cdecl]<SSL_CTX*, byte, int>)OpenSslLibrary.GetExport("SSL_CTX_set_tlsext_max_fragment_length"))(
            client.Pointer, mode);
}
