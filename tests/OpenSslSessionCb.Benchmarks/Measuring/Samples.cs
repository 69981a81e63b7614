namespace OpenSslSessionCb.Benchmarks;

/// <summary>Order statistics: on a machine that others use too, a mean says more about them than about us.</summary>
internal static class Samples
{
    internal static double Median(this IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest sample that a share of all samples, 0 to 1, is not above.</summary>
    internal static double Percentile(this IEnumerable<double> samples, double share)
    {
        double[] sorted = [.. samples.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>Half the width of the 95 % confidence interval of the median, whatever the distribution is.</summary>
    internal static double MedianMargin(this IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        double middle = sorted.Length / 2.0;
        double reach = 1.96 * Math.Sqrt(sorted.Length) / 2;
        int low = Math.Max(0, (int)Math.Floor(middle - reach));
        int high = Math.Min(sorted.Length - 1, (int)Math.Ceiling(middle + reach));
        return (sorted[high] - sorted[low]) / 2;
    }
}
