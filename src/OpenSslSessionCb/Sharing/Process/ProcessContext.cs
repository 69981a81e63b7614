namespace OpenSslSessionCb;

/// <summary>A server context that was seen with its first ClientHello, and what was decided about it.</summary>
/// <param name="Certificate">The SHA-256 of its server certificate; 8 hex digits, enough to tell contexts apart. Empty when
/// it has none.</param>
/// <param name="HostName">The host name (SNI) of the first ClientHello; null when it had none.</param>
/// <param name="Decision">Whether it shares, and why not.</param>
public sealed record ProcessContext(string Certificate, string? HostName, ProcessContextDecision Decision)
{
    /// <summary><see cref="Decision"/> in a few words, for a log line or a page; null where it shares.</summary>
    public string? Reason => Decision switch
    {
        ProcessContextDecision.Shares => null,
        ProcessContextDecision.FilteredOut => "the filter says no",
        ProcessContextDecision.HasOwnCallbacks => "its host has session callbacks of its own",
        ProcessContextDecision.ResumptionOff => "its host has switched resumption off",
        ProcessContextDecision.AllowsEarlyData => "it allows early data, which a shared cache cannot protect against replay",
        ProcessContextDecision.Quic => "its connections are QUIC",
        _ => "looking at it failed",
    };
}
