namespace OpenSslSessionCb.Interop;

/// <summary>An import that not every supported OpenSSL exports.</summary>
/// <param name="Name">C's name.</param>
/// <param name="Since">The first version that exports it.</param>
/// <param name="Before">The first version that exports it no longer, or null.</param>
internal sealed record VersionGatedSymbol(string Name, Version Since, Version? Before = null)
{
    private static readonly Version s_oldest = new(1, 1, 1);
    private static readonly Version s_three = new(3, 0, 0);

    /// <summary>All of them: what is not listed here is exported by every version from 1.1.1 on.</summary>
    public static IReadOnlyList<VersionGatedSymbol> All { get; } =
    [
        new("ERR_get_error_all", s_three),
        new("ERR_new", s_three),
        new("SSL_CTX_flush_sessions_ex", new(3, 4, 0)),
        new("SSL_SESSION_get_time_ex", new(3, 3, 0)),
        new("SSL_SESSION_set_time_ex", new(3, 3, 0)),
        new("SSL_get1_peer_certificate", s_three),
        new("SSL_get_peer_certificate", s_oldest, s_three),
        new("SSL_new_session_ticket", s_three),
        new("X509_VERIFY_PARAM_get0_email", s_three),
        new("X509_VERIFY_PARAM_get0_host", s_three),
        new("X509_VERIFY_PARAM_get1_ip_asc", s_three),
    ];

    /// <summary>Whether <paramref name="version"/> exports it.</summary>
    public bool IsIn(Version version) => version >= Since && (Before is null || version < Before);
}
