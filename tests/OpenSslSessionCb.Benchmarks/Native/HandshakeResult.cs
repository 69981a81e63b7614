namespace OpenSslSessionCb.Benchmarks;

/// <summary>Resumed handshakes of one worker that had its processor to itself and was never without work.</summary>
/// <param name="Tls">The version.</param>
/// <param name="Sessions">Who kept the sessions.</param>
/// <param name="PerSecond">Resumed handshakes a second: the median over the bursts.</param>
/// <param name="PerSecondMargin">Half the width of its 95 % confidence interval.</param>
/// <param name="Ratio">That over nginx's own in the same round: the median.</param>
/// <param name="RatioMargin">Half the width of the ratio's 95 % confidence interval.</param>
/// <param name="RatioLimit">What the ratio must reach; null: nothing is demanded.</param>
/// <param name="WorkerCpuUs">Processor time of the worker for a handshake, all its threads, user and system, in µs: the median.</param>
/// <param name="CpuRatio">nginx's own over that, in the same round: the median. Where others use the machine, the one to
/// believe; but it does not see a worker that waits for a store.</param>
/// <param name="CpuRatioMargin">Half the width of its 95 % confidence interval.</param>
/// <param name="BusyPercent">How much of its processor the worker got: the median. What is not near 100 was measured on a
/// machine that others used.</param>
/// <param name="ResumedPercent">How many of the handshakes resumed.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Handshakes">How many were measured.</param>
internal sealed record HandshakeResult(
    string Tls,
    string Sessions,
    double PerSecond,
    double PerSecondMargin,
    double Ratio,
    double RatioMargin,
    double? RatioLimit,
    double WorkerCpuUs,
    double CpuRatio,
    double CpuRatioMargin,
    double BusyPercent,
    double ResumedPercent,
    long Failed,
    long Handshakes)
{
    internal bool IsWithinLimit => RatioLimit is not { } limit || Ratio >= limit;

    internal static HandshakeResult Of(string tls, string sessions, IReadOnlyList<LoadAnswer> bursts, IReadOnlyList<LoadAnswer> own)
    {
        long handshakes = bursts.Sum(static burst => burst.Handshakes);
        double[] ratios = [.. bursts.Zip(own, static (burst, baseline) => burst.PerSecond / baseline.PerSecond)];
        double[] cpuRatios = [.. bursts.Zip(own, static (burst, baseline) => baseline.WorkerUsEach / burst.WorkerUsEach)];
        return new HandshakeResult(
            tls,
            sessions,
            Math.Round(bursts.Select(static burst => burst.PerSecond).Median(), 1),
            Math.Round(bursts.Select(static burst => burst.PerSecond).MedianMargin(), 1),
            Math.Round(ratios.Median(), 3),
            Math.Round(ratios.MedianMargin(), 3),
            tls == "1.2" && sessions == StoreNames.Memory ? 0.95 : null,
            Math.Round(bursts.Select(static burst => burst.WorkerUsEach).Median(), 1),
            Math.Round(cpuRatios.Median(), 3),
            Math.Round(cpuRatios.MedianMargin(), 3),
            Math.Round(100 * bursts.Select(static burst => burst.Busy).Median(), 1),
            Math.Round(100.0 * bursts.Sum(static burst => burst.Resumed) / handshakes, 2),
            bursts.Sum(static burst => burst.Failed),
            handshakes);
    }
}
