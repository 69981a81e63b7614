using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What a farm's nodes and clients read, and where the sessions' key ring and database will be.</summary>
internal sealed class FarmFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal FarmFiles(FarmCase which)
    {
        using X509Certificate2 server = Certificates.Make("localhost", which.Rsa);
        File.WriteAllText(Certificate, server.ExportCertificatePem());
        File.WriteAllText(Key, Certificates.KeyPem(server));
        if (which.Mutual)
        {
            using X509Certificate2 authority = Certificates.Make("clients", authority: true);
            using X509Certificate2 client = Certificates.Make("client", authority);
            File.WriteAllText(ClientAuthority, authority.ExportCertificatePem());
            File.WriteAllText(ClientCertificate, client.ExportCertificatePem());
            File.WriteAllText(ClientKey, Certificates.KeyPem(client));
        }
    }

    internal string Certificate => _folder["server.crt"];

    internal string Key => _folder["server.key"];

    internal string ClientAuthority => _folder["clients.crt"];

    internal string ClientCertificate => _folder["client.crt"];

    internal string ClientKey => _folder["client.key"];

    internal string KeyRing => _folder["sessions.key"];

    internal string Database => _folder["sessions.db"];

    public void Dispose() => _folder.Dispose();
}
