using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>A CA of clients. What it issues comes as options of s_client, whose files lie in the test's folder.</summary>
internal sealed class ClientAuthority : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly X509Certificate2 _signer;

    internal ClientAuthority(TemporaryFolder folder, string name)
    {
        _folder = folder;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signer = Request(name, key, isAuthority: true)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        Root = X509CertificateLoader.LoadCertificate(_signer.RawData);
    }

    /// <summary>Without its key.</summary>
    internal X509Certificate2 Root { get; }

    /// <summary>A client's certificate, signed by the root.</summary>
    internal string[] Issue(string name) => Issue(name, _signer);

    /// <summary>A client's certificate that hangs by an intermediate one, which the client sends along.</summary>
    internal string[] IssueByIntermediate(string name)
    {
        string signer = name + "-intermediate";
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 bare = Sign(Request(signer, key, isAuthority: true), _signer);
        using X509Certificate2 intermediate = bare.CopyWithPrivateKey(key);
        return [.. Issue(name, intermediate), "-cert_chain", _folder.Write(signer + ".crt", intermediate.ExportCertificatePem())];
    }

    public void Dispose()
    {
        Root.Dispose();
        _signer.Dispose();
    }

    private string[] Issue(string name, X509Certificate2 signer)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Sign(Request(name, key, isAuthority: false), signer);
        return
        [
            "-cert", _folder.Write(name + ".crt", certificate.ExportCertificatePem()),
            "-key", _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem()),
        ];
    }

    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 signer) =>
        request.Create(signer, signer.NotBefore, signer.NotAfter, RandomNumberGenerator.GetBytes(8));

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request;
    }
}
