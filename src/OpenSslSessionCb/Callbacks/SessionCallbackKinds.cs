namespace OpenSslSessionCb;

/// <summary>Which of libssl's three session callbacks.</summary>
[Flags]
public enum SessionCallbackKinds
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>SSL_CTX_sess_set_new_cb.</summary>
    New = 1,

    /// <summary>SSL_CTX_sess_set_get_cb.</summary>
    Get = 2,

    /// <summary>
    /// SSL_CTX_sess_set_remove_cb. Being set, it makes libssl put the sessions of stateless TLS 1.3 tickets
    /// into its internal cache too, unless SSL_SESS_CACHE_NO_INTERNAL_STORE is set.
    /// </summary>
    Remove = 4,

    /// <summary>All three.</summary>
    All = New | Get | Remove,
}
