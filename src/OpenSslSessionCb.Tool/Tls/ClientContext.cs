using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Tool.Commands;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Sets up a client's context, which speaks one version and trusts one certificate, or any.</summary>
internal static unsafe class ClientContext
{
    internal static SafeTlsContext Create(TlsVersions versions, string? trustedCertificateFile)
    {
        SafeTlsContext context = SafeTlsContext.Create(LibSsl.TLS_client_method());
        try
        {
            TlsContextSettings.Apply(context.Pointer, versions, CipherChoice.LibSslDefault);
            if (trustedCertificateFile is null)
            {
                return context;
            }

            fixed (byte* file = PemFile.NullTerminated(trustedCertificateFile))
            {
                LibSslErrors.ThrowIfFailed(
                    LibSsl.SSL_CTX_load_verify_locations(context.Pointer, file, null),
                    $"{trustedCertificateFile} cannot be used as a trusted certificate");
            }

            LibSsl.SSL_CTX_set_verify(context.Pointer, LibSsl.SSL_VERIFY_PEER, null);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }
}
