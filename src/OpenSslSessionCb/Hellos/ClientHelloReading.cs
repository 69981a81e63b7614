namespace OpenSslSessionCb;

/// <summary>How far the reading of a connection's first bytes has come.</summary>
internal enum ClientHelloReading
{
    /// <summary>So far it may be a ClientHello; more bytes are needed.</summary>
    NeedsMore,

    /// <summary>The ClientHello is there.</summary>
    Read,

    /// <summary>Not TLS, or a hello that no libssl would take.</summary>
    NotTls,

    /// <summary>Longer than <see cref="ClientHelloReader.MaxLength"/>.</summary>
    TooLong,
}
