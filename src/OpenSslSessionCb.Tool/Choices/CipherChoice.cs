namespace OpenSslSessionCb.Tool.Choices;

/// <summary>
/// What --ciphers asks for: libssl has one list for TLS 1.2 and another for the suites of TLS 1.3. Null leaves libssl's own.
/// </summary>
internal sealed record CipherChoice(string? Tls12List, string? Tls13Suites)
{
    // libssl accepts a list of suites that it has never heard of, and then fails every handshake.
    private static readonly string[] s_suites =
    [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256", "TLS_SHA256_SHA256", "TLS_SHA384_SHA384",
    ];

    internal static CipherChoice LibSslDefault { get; } = new(null, null);

    internal static CipherChoice Parse(string text)
    {
        string[] names = text.Split([':', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            throw ToolException.ForUsage("--ciphers is empty: give names with colons between them, or leave the option out.");
        }

        ILookup<bool, string> byVersion = names.ToLookup(static name => name.StartsWith("TLS_", StringComparison.Ordinal));
        if (byVersion[true].FirstOrDefault(static name => !s_suites.Contains(name)) is { } unknown)
        {
            throw ToolException.ForUsage(
                $"--ciphers names {unknown}, which is not a suite of TLS 1.3: they are {string.Join(", ", s_suites)}.");
        }

        return new CipherChoice(Joined(byVersion[false]), Joined(byVersion[true]));
    }

    private static string? Joined(IEnumerable<string> names) => string.Join(':', names) is { Length: > 0 } list ? list : null;
}
