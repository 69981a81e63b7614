using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Sets up a server's context, all that the session id context is computed from included.</summary>
internal static unsafe class ServerContext
{
    private const int SetMode = 33;
    private const int ReleaseBuffers = 0x10;

    internal static SafeTlsContext Create(ServeOptions options)
    {
        SafeTlsContext context = SafeTlsContext.Create(LibSsl.TLS_server_method());
        try
        {
            SSL_CTX* ctx = context.Pointer;
            TlsContextSettings.Apply(ctx, options.Tls, options.Ciphers);

            // A renegotiation would let a client make the server work for nothing.
            _ = LibSsl.SSL_CTX_set_options(ctx, LibSsl.SSL_OP_NO_RENEGOTIATION);

            // An idle connection keeps no buffers: 34 KB each would be missed with thousands of them.
            _ = LibSsl.SSL_CTX_ctrl(ctx, SetMode, new CLong(ReleaseBuffers), null);
            UseCertificate(ctx, options);
            if (options.ClientCaFile is { } clientCa)
            {
                PemFile.LoadClientCas(ctx, clientCa);
                LibSsl.SSL_CTX_set_verify(ctx, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, null);
            }

            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static void UseCertificate(SSL_CTX* ctx, ServeOptions options)
    {
        if (options is { CertificateFile: { } certificateFile, KeyFile: { } keyFile })
        {
            PemFile.LoadCertificateChain(ctx, certificateFile);
            PemFile.LoadPrivateKey(ctx, keyFile, certificateFile);
            return;
        }

        using SelfSignedCertificate made = SelfSignedCertificate.Create();
        made.Use(ctx);
    }
}
