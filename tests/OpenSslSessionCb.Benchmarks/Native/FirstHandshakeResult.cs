namespace OpenSslSessionCb.Benchmarks;

/// <summary>The first handshake of a new worker: the one that starts .NET and opens the store.</summary>
/// <param name="Sessions">Who keeps the sessions.</param>
/// <param name="FirstMs">The time of the connection, in ms: the median over new servers.</param>
/// <param name="ExtraMs">How much longer than with nginx's own: the difference of the medians.</param>
/// <param name="ExtraLimitMs">What that must be under.</param>
/// <param name="SecondMs">The time of the second connection, in ms: the median.</param>
/// <param name="Workers">How many new workers were tried.</param>
internal sealed record FirstHandshakeResult(
    string Sessions, double FirstMs, double ExtraMs, double? ExtraLimitMs, double SecondMs, int Workers)
{
    internal bool IsWithinLimit => ExtraLimitMs is not { } limit || ExtraMs < limit;
}
