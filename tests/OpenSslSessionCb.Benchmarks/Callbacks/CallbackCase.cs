using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Which handshakes are compared.</summary>
/// <param name="Version">LibSsl.TLS1_2_VERSION or TLS1_3_VERSION.</param>
/// <param name="Resumed">Resumed from the external cache, and not full.</param>
/// <param name="Mutual">With a client certificate.</param>
internal sealed record CallbackCase(int Version, bool Resumed, bool Mutual)
{
    internal static IReadOnlyList<CallbackCase> All { get; } =
    [
        .. from mutual in new[] { false, true }
           from resumed in new[] { false, true }
           from version in new[] { LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION }
           select new CallbackCase(version, resumed, mutual),
    ];

    internal string Name =>
        $"tls1{(Version == LibSsl.TLS1_2_VERSION ? 2 : 3)}-{(Resumed ? "resumed" : "full")}{(Mutual ? "-client-certificate" : "")}";

    /// <summary>What the ratio must not exceed; null: it is shown for information.</summary>
    internal double? RatioLimit
    {
        get
        {
            if (!Resumed)
            {
                return null;
            }

            // OpenSSL 3.0 decodes a certificate in 120 µs and more, which the near cache saves; later ones are faster.
            bool decodesSlowly = OpenSslLibrary.Version is { Major: 3, Minor: 0 };
            return Mutual && decodesSlowly ? 0.8 : Version == LibSsl.TLS1_2_VERSION ? 1.03 : 1.02;
        }
    }
}
