using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Loads PEM files into a context, each failure with the option's name, the file's and what is wrong with it.</summary>
internal static unsafe class PemFile
{
    internal static void LoadCertificateChain(SSL_CTX* context, string path)
    {
        ThrowIfUnreadable("--cert", path);
        fixed (byte* file = NullTerminated(path))
        {
            LibSslErrors.ThrowIfFailed(
                LibSsl.SSL_CTX_use_certificate_chain_file(context, file),
                $"--cert {path} cannot be used as a certificate in PEM");
        }
    }

    /// <summary>To be called after the certificate, which it must fit.</summary>
    internal static void LoadPrivateKey(SSL_CTX* context, string path, string certificatePath)
    {
        ThrowIfUnreadable("--key", path);
        EVP_PKEY* key = ReadPrivateKey(File.ReadAllBytes(path));
        if (key is null)
        {
            throw LibSslErrors.ToException($"--key {path} cannot be used as a private key in PEM without a passphrase");
        }

        try
        {
            LibSslErrors.ThrowIfFailed(
                LibSsl.SSL_CTX_use_PrivateKey(context, key),
                $"--key {path} does not belong to the certificate in --cert {certificatePath}");
        }
        finally
        {
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>Trusts the CAs of the file, and names them to clients.</summary>
    internal static void LoadClientCas(SSL_CTX* context, string path)
    {
        ThrowIfUnreadable("--client-ca", path);
        fixed (byte* file = NullTerminated(path))
        {
            STACK_OF_X509_NAME* names = LibSsl.SSL_load_client_CA_file(file);
            if (names is null || LibSsl.SSL_CTX_load_verify_locations(context, file, null) <= 0)
            {
                throw LibSslErrors.ToException($"--client-ca {path} holds no CA certificate in PEM");
            }

            LibSsl.SSL_CTX_set_client_CA_list(context, names);
        }
    }

    internal static byte[] NullTerminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static EVP_PKEY* ReadPrivateKey(byte[] pem)
    {
        fixed (byte* bytes = pem)
        {
            BIO* bio = LibCrypto.BIO_new_mem_buf(bytes, pem.Length);
            EVP_PKEY* key = LibCrypto.PEM_read_bio_PrivateKey(bio, null, &NoPassphrase, null);
            _ = LibCrypto.BIO_free(bio);
            LibCrypto.OPENSSL_cleanse(bytes, (nuint)pem.Length);
            return key;
        }
    }

    /// <summary>libcrypto's own way would be to ask at the terminal.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int NoPassphrase(byte* buffer, int size, int isWriting, void* user) => -1;

    internal static void ThrowIfUnreadable(string option, string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ToolException($"{option} {path} does not exist: give the path of a PEM file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(
                $"{option} {path} cannot be read ({exception.Message.TrimEnd('.')}): give a file that this user may read.");
        }
    }
}
