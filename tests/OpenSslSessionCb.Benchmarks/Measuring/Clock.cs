using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Times one call. What reading the clock costs is taken off: calls into memory are not much longer.</summary>
internal static class Clock
{
    private static readonly double s_readMicroseconds = MeasureRead();

    internal static double MicrosecondsSince(long start) => Math.Max(0, Elapsed(start) - s_readMicroseconds);

    private static double MeasureRead()
    {
        var reads = new double[100_000];
        for (int i = 0; i < reads.Length; i++)
        {
            reads[i] = Elapsed(Stopwatch.GetTimestamp());
        }

        // The last ones: by then this has been compiled.
        return reads[^1000..].Median();
    }

    private static double Elapsed(long start) => (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency;
}
