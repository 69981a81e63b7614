using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Which connections are made.</summary>
/// <param name="Rsa">The servers' key is RSA-2048, and not P-256.</param>
/// <param name="Mutual">The clients show a certificate of P-256.</param>
/// <param name="Version">LibSsl.TLS1_2_VERSION or TLS1_3_VERSION.</param>
internal sealed record FarmCase(bool Rsa, bool Mutual, int Version)
{
    internal static IReadOnlyList<FarmCase> All { get; } =
    [
        .. from kind in new[] { (Rsa: true, Mutual: false), (Rsa: false, Mutual: false), (Rsa: false, Mutual: true) }
           from version in new[] { LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION }
           select new FarmCase(kind.Rsa, kind.Mutual, version),
    ];

    internal string KeyName => (Rsa ? "RSA-2048" : "P-256") + (Mutual ? ", client certificate" : "");

    internal string TlsName => Version == LibSsl.TLS1_2_VERSION ? "1.2" : "1.3";
}
