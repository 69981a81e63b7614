using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>A client's certificate, and the CA that signed it.</summary>
internal sealed record ClientIdentity(string CaFile, string CertificateFile, string KeyFile)
{
    /// <summary>For openssl's s_client.</summary>
    internal string[] Options => ["-cert", CertificateFile, "-key", KeyFile];

    internal static async Task<ClientIdentity> MakeAsync(TemporaryFolder folder, string name = "client")
    {
        (string ca, string caKey) = await OpenSslClient.MakeCertificateAsync(folder, name + "-ca");
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(folder, name, "-CA", ca, "-CAkey", caKey);
        return new ClientIdentity(ca, certificate, key);
    }

    internal X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
}
