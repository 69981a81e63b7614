namespace OpenSslSessionCb;

/// <summary>A server context that was seen with its first ClientHello, and what was decided about it.</summary>
/// <param name="Certificate">The SHA-256 of its server certificate; 8 hex digits, enough to tell contexts apart. Empty when
/// it has none.</param>
/// <param name="HostName">The host name (SNI) of the first ClientHello; null when it had none.</param>
/// <param name="Decision">Whether it shares, and why not.</param>
public sealed record ProcessContext(string Certificate, string? HostName, ProcessContextDecision Decision);
