using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Certificates with their keys, for a day.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset s_from = DateTimeOffset.UtcNow.AddHours(-1);
    private static readonly DateTimeOffset s_to = s_from.AddDays(1);

    /// <param name="name">The common name.</param>
    /// <param name="rsa">RSA-2048 and not P-256.</param>
    /// <param name="authority">It may sign others, and has signed itself.</param>
    internal static X509Certificate2 Make(string name, bool rsa = false, bool authority = false)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(name, key, authority).CreateSelfSigned(s_from, s_to);
    }

    /// <summary>One of P-256, which the authority has signed.</summary>
    internal static X509Certificate2 Make(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Request(name, key, authority: false)
            .Create(authority, s_from, s_to, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    internal static string KeyPem(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key, bool authority)
    {
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions
            .Add(new X509BasicConstraintsExtension(authority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request;
    }
}
