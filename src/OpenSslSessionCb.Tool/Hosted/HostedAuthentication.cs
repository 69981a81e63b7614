using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Serving;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>What serve was asked to do, as SslStream has it said, and as Kestrel has.</summary>
internal static class HostedAuthentication
{
    internal static SslServerAuthenticationOptions Create(ServeOptions options)
    {
        X509Certificate2Collection? clientCas = options.ClientCaFile is { } file ? HostedPemFile.LoadClientCas(file) : null;
        SslCertificateTrust? trust =
            clientCas is null ? null : SslCertificateTrust.CreateForX509Collection(clientCas, sendTrustInHandshake: true);
        X509Certificate2Collection chain = options is { CertificateFile: { } certificate, KeyFile: { } key }
            ? HostedPemFile.LoadCertificateChain(certificate, key)
            : [MakeCertificate()];
        var others = new X509Certificate2Collection(chain.Skip(1).ToArray());
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(chain[0], others, offline: true, trust),
            EnabledSslProtocols = ProtocolsOf(options.Tls),
            AllowRenegotiation = false,
            ClientCertificateRequired = clientCas is not null,
            CertificateChainPolicy = clientCas is null ? null : PolicyOf(clientCas),
        };
    }

    internal static HttpsConnectionAdapterOptions CreateForKestrel(ServeOptions options)
    {
        SslServerAuthenticationOptions authentication = Create(options);
        return new HttpsConnectionAdapterOptions
        {
            ServerCertificate = authentication.ServerCertificateContext!.TargetCertificate,
            SslProtocols = authentication.EnabledSslProtocols,
            ClientCertificateMode = authentication.ClientCertificateRequired
                ? ClientCertificateMode.RequireCertificate
                : ClientCertificateMode.NoCertificate,
            OnAuthenticate = (_, connection) =>
            {
                // The chain, and the CAs that clients are told of and judged by: Kestrel has no words of its own for these.
                connection.ServerCertificateContext = authentication.ServerCertificateContext;
                connection.CertificateChainPolicy = authentication.CertificateChainPolicy;
            },
        };
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection clientCas)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(clientCas);
        return policy;
    }

    private static SslProtocols ProtocolsOf(TlsVersions versions) =>
        versions == TlsVersions.Tls12 ? SslProtocols.Tls12
        : versions == TlsVersions.Tls13 ? SslProtocols.Tls13
        : SslProtocols.Tls12 | SslProtocols.Tls13;

    private static X509Certificate2 MakeCertificate()
    {
        using SelfSignedCertificate made = SelfSignedCertificate.Create();
        return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(made.CertificatePem), Encoding.ASCII.GetString(made.KeyPem));
    }
}
