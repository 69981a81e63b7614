using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A CA of clients: what it signs, and what it takes back.</summary>
internal sealed class ClientAuthority
{
    private static readonly DateTimeOffset s_from = DateTimeOffset.UtcNow.AddHours(-1);
    private static readonly DateTimeOffset s_until = s_from.AddDays(2);

    private readonly TemporaryFolder _folder;
    private readonly string _name;
    private readonly X509Certificate2 _certificate;

    private ClientAuthority(TemporaryFolder folder, string name, X509Certificate2 certificate)
    {
        (_folder, _name, _certificate) = (folder, name, certificate);
        File = folder.Write(name + ".crt", Pem);
    }

    /// <summary>Its certificate.</summary>
    internal string File { get; }

    internal string Pem => _certificate.ExportCertificatePem() + "\n";

    internal static ClientAuthority Make(TemporaryFolder folder, string name) =>
        new(folder, name, RequestOf(name, isCa: true, out _).CreateSelfSigned(s_from, s_until));

    /// <summary>One below it.</summary>
    internal ClientAuthority MakeIntermediate(string name)
    {
        X509Certificate2 signed = Sign(RequestOf(name, isCa: true, out ECDsa key));
        return new ClientAuthority(_folder, name, signed.CopyWithPrivateKey(key));
    }

    /// <summary>A client whose e-mail address and host name are made of its name.</summary>
    /// <param name="name">In the subject.</param>
    /// <param name="sendsIssuer">Whether the client sends this authority's certificate too: servers do not have it.</param>
    /// <param name="until">When it expires, if not with all the others.</param>
    internal AdversaryClient Issue(string name, bool sendsIssuer = false, DateTimeOffset? until = null)
    {
        CertificateRequest request = RequestOf(name, isCa: false, out ECDsa key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(AdversaryClient.EmailOf(name));
        names.AddDnsName(AdversaryClient.HostNameOf(name));
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 certificate = Sign(request, until);
        string[] options =
        [
            "-cert", _folder.Write(name + ".crt", certificate.ExportCertificatePem()),
            "-key", _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem()),
            .. sendsIssuer ? (string[])["-cert_chain", File] : [],
        ];
        return new AdversaryClient(name, certificate, options);
    }

    /// <summary>The file of a list of revoked certificates: this client's, or nobody's.</summary>
    internal string Revoke(AdversaryClient? client)
    {
        var builder = new CertificateRevocationListBuilder();
        if (client is not null)
        {
            builder.AddEntry(client.Certificate, s_from);
        }

        byte[] list = builder.Build(_certificate, crlNumber: 1, s_until, HashAlgorithmName.SHA256, thisUpdate: s_from);
        return _folder.Write(_name + ".crl", PemEncoding.WriteString("X509 CRL", list) + "\n");
    }

    private static CertificateRequest RequestOf(string name, bool isCa, out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509KeyUsageFlags usage = isCa ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        return request;
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset? until = null)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(_certificate, s_from, until ?? s_until, RandomNumberGenerator.GetBytes(8));
    }
}
