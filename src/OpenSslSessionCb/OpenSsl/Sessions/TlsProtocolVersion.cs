namespace OpenSslSessionCb;

/// <summary>A protocol version, by its number on the wire.</summary>
public enum TlsProtocolVersion
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>TLS 1.0.</summary>
    Tls10 = 0x0301,

    /// <summary>TLS 1.1.</summary>
    Tls11 = 0x0302,

    /// <summary>TLS 1.2.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3.</summary>
    Tls13 = 0x0304,

    /// <summary>DTLS 1.0.</summary>
    Dtls10 = 0xFEFF,

    /// <summary>DTLS 1.2.</summary>
    Dtls12 = 0xFEFD,
}
