using System.Text;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Sets up the context that all clients of a farm share.</summary>
internal static unsafe class ClientContext
{
    internal static TlsContext Create(FarmCase which, FarmFiles files)
    {
        TlsContext context = TlsContext.Client(which.Version);

        // Kestrel hangs up without close_notify. Taken for an error, that would make the session one that is not offered again.
        _ = LibSsl.SSL_CTX_set_options(context.Pointer, LibSsl.SSL_OP_IGNORE_UNEXPECTED_EOF);
        if (which.Mutual)
        {
            using ErrorMark mark = ErrorMark.Set();
            fixed (byte* certificate = Encoding.UTF8.GetBytes(files.ClientCertificate + '\0'))
            fixed (byte* key = Encoding.UTF8.GetBytes(files.ClientKey + '\0'))
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_CTX_use_certificate_chain_file(context.Pointer, certificate), mark);
                OpenSslException.ThrowIfFailed(LibSsl.SSL_CTX_use_PrivateKey_file(context.Pointer, key, LibSsl.SSL_FILETYPE_PEM), mark);
            }
        }

        return context;
    }
}
