using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>Loads PEM files for .NET's stacks, each failure with the option's name, the file's and what is wrong with it.</summary>
internal static class HostedPemFile
{
    /// <summary>The server's certificate, with its key, first.</summary>
    internal static X509Certificate2Collection LoadCertificateChain(string certificateFile, string keyFile)
    {
        PemFile.ThrowIfUnreadable("--cert", certificateFile);
        PemFile.ThrowIfUnreadable("--key", keyFile);
        X509Certificate2Collection chain = Load(certificateFile, $"--cert {certificateFile} cannot be used as a certificate in PEM");
        try
        {
            chain[0] = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return chain;
        }
        catch (CryptographicException exception)
        {
            throw new ToolException(
                $"--key {keyFile} cannot be used as the private key of --cert {certificateFile} ({exception.Message.TrimEnd('.')}).");
        }
        catch (ArgumentException)
        {
            throw new ToolException($"--key {keyFile} does not belong to the certificate in --cert {certificateFile}.");
        }
    }

    internal static X509Certificate2Collection LoadClientCas(string file)
    {
        PemFile.ThrowIfUnreadable("--client-ca", file);
        return Load(file, $"--client-ca {file} holds no CA certificate in PEM");
    }

    private static X509Certificate2Collection Load(string file, string problem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (CryptographicException exception)
        {
            throw new ToolException($"{problem} ({exception.Message.TrimEnd('.')}).");
        }

        return certificates.Count > 0 ? certificates : throw new ToolException($"{problem}.");
    }
}
