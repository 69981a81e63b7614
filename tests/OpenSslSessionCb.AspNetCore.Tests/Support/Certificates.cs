using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>The certificates of one test, as PEM files in its folder.</summary>
internal static class Certificates
{
    /// <summary>Writes NAME.crt and NAME.key: a certificate of its own.</summary>
    internal static X509Certificate2 WriteSelfSigned(TemporaryFolder folder, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = Request(name, key, isAuthority: false)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write(folder, name, certificate, key);
        return certificate;
    }

    /// <summary>Writes NAME.crt and NAME.key, and the certificate of the authority that has signed it as NAME-ca.crt.</summary>
    internal static void WriteSigned(TemporaryFolder folder, string name)
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = Request(name + "-ca", authorityKey, isAuthority: true)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Request(name, key, isAuthority: false)
            .Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        Write(folder, name, certificate, key);
        folder.Write(name + "-ca.crt", authority.ExportCertificatePem());
    }

    /// <summary>
    /// Writes NAME.crt and NAME.key, signed by an intermediate, NAME-intermediate.crt, which a root has signed that is written nowhere.
    /// </summary>
    internal static (X509Certificate2 Root, X509Certificate2 Intermediate) WriteHanging(TemporaryFolder folder, string name)
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 root = Request(name + "-root", rootKey, isAuthority: true)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        using ECDsa intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 intermediate = Request(name + "-intermediate", intermediateKey, isAuthority: true)
            .Create(root, root.NotBefore, root.NotAfter, [1, 2, 3, 4]);
        using X509Certificate2 signs = intermediate.CopyWithPrivateKey(intermediateKey);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Request(name, key, isAuthority: false)
            .Create(signs, signs.NotBefore, signs.NotAfter, [1, 2, 3, 5]);
        Write(folder, name, certificate, key);
        folder.Write(name + "-intermediate.crt", intermediate.ExportCertificatePem());
        return (root, intermediate);
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request;
    }

    private static void Write(TemporaryFolder folder, string name, X509Certificate2 certificate, ECDsa key)
    {
        folder.Write(name + ".crt", certificate.ExportCertificatePem());
        folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
    }
}
