namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>How one connection to a node went.</summary>
/// <param name="Failure">Why there was no answer; null: there was one.</param>
/// <param name="HasOffered">The client had a session to come back with.</param>
/// <param name="IsResumed">SSL_session_reused, on the client.</param>
internal readonly record struct FarmVisit(string? Failure, bool HasOffered, bool IsResumed);
