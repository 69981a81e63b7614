using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A client's certificate, the intermediate that has signed it, and the root; and the certificate of a server.</summary>
internal sealed class ClientChain : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal ClientChain()
    {
        Server = Make("server", null).Certificate;
        (Root, ECDsa rootKey) = Make("root", null, isAuthority: true);
        (Intermediate, ECDsa intermediateKey) = Make("intermediate", (Root, rootKey), isAuthority: true);
        WriteClient("hanging", (Intermediate, intermediateKey), [Intermediate]);
        WriteClient("direct", (Root, rootKey), []);
        rootKey.Dispose();
        intermediateKey.Dispose();
    }

    internal X509Certificate2 Server { get; }

    internal X509Certificate2 Root { get; }

    internal X509Certificate2 Intermediate { get; }

    /// <summary>A client that sends its certificate, and the intermediate if it hangs by that.</summary>
    internal unsafe TlsContext Client(int version, bool hanging = false)
    {
        SSL_CTX* context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        LibSsl.SSL_CTX_set_min_proto_version(context, version);
        LibSsl.SSL_CTX_set_max_proto_version(context, version);
        string name = hanging ? "hanging" : "direct";
        fixed (byte* chain = Path(name + ".crt"), key = Path(name + ".key"))
        {
            Assert.That(LibSsl.SSL_CTX_use_certificate_chain_file(context, chain), Is.EqualTo(1));
            Assert.That(LibSsl.SSL_CTX_use_PrivateKey_file(context, key, LibSsl.SSL_FILETYPE_PEM), Is.EqualTo(1));
        }

        return TlsContext.Adopt(context);
    }

    /// <summary>Trusts the root, knows what it is given, and asks nobody.</summary>
    internal X509ChainPolicy Policy(params X509Certificate2[] known)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(Root);
        policy.ExtraStore.AddRange(known);
        return policy;
    }

    public void Dispose()
    {
        Server.Dispose();
        Root.Dispose();
        Intermediate.Dispose();
        _folder.Dispose();
    }

    private static (X509Certificate2 Certificate, ECDsa Key) Make(
        string name, (X509Certificate2 Certificate, ECDsa Key)? issuer, bool isAuthority = false)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        DateTimeOffset begin = DateTimeOffset.UtcNow.AddHours(-1);
        DateTimeOffset end = begin.AddDays(1);
        if (issuer is not { } by)
        {
            return (request.CreateSelfSigned(begin, end), key);
        }

        X509SignatureGenerator signs = X509SignatureGenerator.CreateForECDsa(by.Key);
        return (request.Create(by.Certificate.SubjectName, signs, begin, end, RandomNumberGenerator.GetBytes(8)), key);
    }

    private void WriteClient(string name, (X509Certificate2 Certificate, ECDsa Key) issuer, X509Certificate2[] sent)
    {
        (X509Certificate2 certificate, ECDsa key) = Make(name, issuer);
        _folder.Write(name + ".crt",
            string.Join('\n', sent.Prepend(certificate).Select(static each => each.ExportCertificatePem())) + '\n');
        _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
        certificate.Dispose();
        key.Dispose();
    }

    private byte[] Path(string name) => Encoding.UTF8.GetBytes(_folder[name] + '\0');
}
