using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>The settings that servers and clients have in common.</summary>
internal static unsafe class TlsContextSettings
{
    internal static void Apply(SSL_CTX* ctx, TlsVersions versions, CipherChoice ciphers)
    {
        LibSslErrors.ThrowIfFailed(
            (int)LibSsl.SSL_CTX_set_min_proto_version(ctx, versions.Lowest), "libssl does not speak the lowest TLS version asked for");
        LibSslErrors.ThrowIfFailed(
            (int)LibSsl.SSL_CTX_set_max_proto_version(ctx, versions.Highest), "libssl does not speak the highest TLS version asked for");
        if (ciphers.Tls12List is { } list)
        {
            fixed (byte* text = PemFile.NullTerminated(list))
            {
                if (LibSsl.SSL_CTX_set_cipher_list(ctx, text) <= 0)
                {
                    throw ToolException.ForUsage($"--ciphers {list} matches no cipher of TLS 1.2 ({LibSslErrors.TakeReason()}): "
                        + "'openssl ciphers -tls1_2' lists them.");
                }
            }
        }

        if (ciphers.Tls13Suites is { } suites)
        {
            fixed (byte* text = PemFile.NullTerminated(suites))
            {
                if (LibSsl.SSL_CTX_set_ciphersuites(ctx, text) <= 0)
                {
                    throw ToolException.ForUsage($"--ciphers {suites} is refused by libssl ({LibSslErrors.TakeReason()}).");
                }
            }
        }
    }
}
