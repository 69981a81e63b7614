namespace OpenSslSessionCb.Benchmarks;

/// <summary>What lookups cost a handshake in one state of the store.</summary>
internal sealed record AwayPhase(string Name, int Lookups, int Hits, double MedianMicroseconds, double P99Microseconds)
{
    internal static AwayPhase Of(string name, List<(double Microseconds, bool Hit)> lookups) => new(
        name,
        lookups.Count,
        lookups.Count(static lookup => lookup.Hit),
        lookups.Select(static lookup => lookup.Microseconds).DefaultIfEmpty().Median(),
        lookups.Select(static lookup => lookup.Microseconds).DefaultIfEmpty().Percentile(0.99));
}
