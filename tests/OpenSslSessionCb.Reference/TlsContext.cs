using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Reference;

/// <summary>An SSL_CTX with a certificate of this process. Server contexts made with equal arguments have the same one.</summary>
public sealed unsafe class TlsContext : SafeHandle
{
    private TlsContext(SSL_CTX* ctx)
        : base(0, ownsHandle: true)
    {
        if (ctx is null)
        {
            throw new InvalidOperationException($"No SSL_CTX: {Marshal.PtrToStringUTF8((nint)Osr.osr_last_error())}");
        }

        SetHandle((nint)ctx);
    }

    public override bool IsInvalid => handle == 0;

    public SSL_CTX* Pointer => (SSL_CTX*)handle;

    public nint Raw => handle;

    /// <param name="version">LibSsl.TLS1_2_VERSION and the like; 0: any TLS.</param>
    /// <param name="rsa">RSA-2048 and not P-256.</param>
    /// <param name="mutual">Demands a client certificate.</param>
    public static TlsContext Server(int version, bool rsa = false, bool mutual = false)
    {
        fixed (byte* kind = rsa ? "rsa2048\0"u8 : "p256\0"u8)
        {
            return new TlsContext(Osr.osr_server_ctx(version, kind, mutual ? 1 : 0));
        }
    }

    public static TlsContext Client(int version, bool withCertificate = false) => new(Osr.osr_client_ctx(version, withCertificate ? 1 : 0));

    /// <summary>Takes over a context that a test has made by itself.</summary>
    public static TlsContext Adopt(SSL_CTX* ctx) => new(ctx);

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free((SSL_CTX*)handle);
        return true;
    }
}
