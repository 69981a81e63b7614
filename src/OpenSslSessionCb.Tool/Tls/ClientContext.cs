using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>
/// Sets up a client's context, which speaks one version, trusts one certificate, or any, and may have a certificate of its own.
/// </summary>
internal static unsafe class ClientContext
{
    internal static SafeTlsContext Create(
        TlsVersions versions, string? trustedCertificateFile, string? certificateFile = null, string? keyFile = null)
    {
        SafeTlsContext context = SafeTlsContext.Create(LibSsl.TLS_client_method());
        try
        {
            TlsContextSettings.Apply(context.Pointer, versions, CipherChoice.LibSslDefault);
            if (certificateFile is not null && keyFile is not null)
            {
                PemFile.LoadCertificateChain(context.Pointer, certificateFile);
                PemFile.LoadPrivateKey(context.Pointer, keyFile, certificateFile);
            }

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
