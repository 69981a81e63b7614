namespace OpenSslSessionCb;

/// <summary>A server context that asks to take part.</summary>
/// <param name="Certificate">Its server certificate in DER; empty when it has none.</param>
/// <param name="HostName">The host name (SNI) of the first ClientHello; null when it had none.</param>
public sealed record ProcessContextCandidate(ReadOnlyMemory<byte> Certificate, string? HostName);
