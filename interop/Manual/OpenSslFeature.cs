namespace OpenSslSessionCb;

/// <summary>
/// What only some of the supported OpenSSL versions have; ask with <see cref="OpenSslLibrary.Supports(OpenSslFeature)"/>.
/// </summary>
internal enum OpenSslFeature
{
    /// <summary>3.3: <c>SSL_SESSION_get_time_ex</c> and <c>SSL_SESSION_set_time_ex</c>, which outlive 2038 on every platform.</summary>
    SessionTimeEx,

    /// <summary>3.4: <c>SSL_CTX_flush_sessions_ex</c>.</summary>
    FlushSessionsEx,

    /// <summary>3.0: the cache mode <c>SSL_SESS_CACHE_UPDATE_TIME</c>.</summary>
    CacheUpdateTime,

    /// <summary>3.0: <c>SSL_new_session_ticket</c>.</summary>
    NewSessionTicket,

    /// <summary>3.0: <c>SSL_get1_peer_certificate</c>; before it there is <c>SSL_get_peer_certificate</c>, which does the same.</summary>
    GetOnePeerCertificate,

    /// <summary>3.0: the option <c>SSL_OP_IGNORE_UNEXPECTED_EOF</c>; before it an unexpected end is no error of the library's.</summary>
    IgnoreUnexpectedEof,

    /// <summary>3.0: the option <c>SSL_OP_NO_EXTENDED_MASTER_SECRET</c>.</summary>
    NoExtendedMasterSecret,
}
