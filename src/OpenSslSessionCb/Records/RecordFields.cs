namespace OpenSslSessionCb;

/// <summary>What a record says of its session beside the session itself: readable in the store, and bound by the seal.</summary>
/// <param name="ProtocolVersion">The session's protocol version.</param>
/// <param name="Expires">When the record ends, to the millisecond.</param>
/// <param name="Origin">When the full handshake was that the session goes back to, to the second.</param>
internal readonly record struct RecordFields(TlsProtocolVersion ProtocolVersion, DateTimeOffset Expires, DateTimeOffset Origin);
