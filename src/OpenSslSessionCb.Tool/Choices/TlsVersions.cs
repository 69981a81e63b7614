using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Choices;

/// <summary>The versions of TLS that are spoken, from and to, as libssl numbers them.</summary>
internal sealed record TlsVersions(int Lowest, int Highest)
{
    internal static TlsVersions Tls12 { get; } = new(LibSsl.TLS1_2_VERSION, LibSsl.TLS1_2_VERSION);

    internal static TlsVersions Tls13 { get; } = new(LibSsl.TLS1_3_VERSION, LibSsl.TLS1_3_VERSION);

    internal static TlsVersions Any { get; } = new(LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION);

    internal static TlsVersions Parse(string text) => text switch
    {
        "1.2" => Tls12,
        "1.3" => Tls13,
        "any" => Any,
        _ => throw ToolException.ForUsage($"--tls {text} is not a version that is spoken here: give 1.2, 1.3 or any."),
    };
}
