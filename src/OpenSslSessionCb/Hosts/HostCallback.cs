namespace OpenSslSessionCb;

/// <summary>The same numbers as in native/preload/contexts.h.</summary>
[Flags]
internal enum HostCallback
{
    None = 0,

    /// <summary>The setters that the host calls are watched.</summary>
    Watched = 1,

    /// <summary>SSL_CTX_set_tlsext_servername_callback: the host may move a connection to another context.</summary>
    ServerName = 2,

    /// <summary>SSL_CTX_set_cert_cb or SSL_set_cert_cb: the host chooses the certificate after libssl has looked for the session.</summary>
    Certificate = 4,

    /// <summary>SSL_CTX_set_cert_verify_callback: the host judges clients in a way that cannot be asked for.</summary>
    VerifyCertificate = 8,
}
