namespace OpenSslSessionCb.Benchmarks;

/// <summary>One row of artifacts/bench/farm.json.</summary>
/// <param name="Key">The servers' key.</param>
/// <param name="Tls">The version.</param>
/// <param name="Store">without: the same nodes without the library.</param>
/// <param name="ConnectionsPerSecond">New connections a second, on a machine that the clients share: the median over the slices.</param>
/// <param name="ResumedPercent">How many of the connections resumed.</param>
/// <param name="NodeCpuMs">CPU of the nodes (user and system) for a connection with one request, in ms: the median over the slices.</param>
/// <param name="CpuRatio">That over the same without the library, in the same round: the median.</param>
/// <param name="CpuRatioMargin">Half the width of the ratio's 95 % confidence interval.</param>
/// <param name="CompilerPercent">How much of the nodes' CPU their JIT used: what is not near 0 was measured too early. The median.</param>
/// <param name="StoreCpuMs">CPU of the Redis for a connection, in ms: the median.</param>
/// <param name="Connections">How many connections were measured.</param>
internal sealed record FarmResult(
    string Key,
    string Tls,
    string Store,
    double ConnectionsPerSecond,
    double ResumedPercent,
    double NodeCpuMs,
    double CpuRatio,
    double CpuRatioMargin,
    double CompilerPercent,
    double StoreCpuMs,
    int Connections)
{
    internal static FarmResult Of(FarmCase which, string store, IReadOnlyList<FarmSlice> slices, IReadOnlyList<FarmSlice> without)
    {
        int connections = slices.Sum(static slice => slice.Connections);
        double[] ratios = [.. slices.Zip(without, static (slice, baseline) => slice.NodesMs / baseline.NodesMs)];
        return new FarmResult(
            which.KeyName,
            which.TlsName,
            store,
            Math.Round(slices.Select(static slice => slice.PerSecond).Median(), 1),
            Math.Round(100.0 * slices.Sum(static slice => slice.Resumed) / connections, 2),
            Math.Round(slices.Select(static slice => slice.NodesMs).Median(), 4),
            Math.Round(ratios.Median(), 3),
            Math.Round(ratios.MedianMargin(), 3),
            Math.Round(100 * slices.Select(static slice => slice.CompilerShare).Median(), 1),
            Math.Round(slices.Select(static slice => slice.RedisMs).Median(), 4),
            connections);
    }
}
