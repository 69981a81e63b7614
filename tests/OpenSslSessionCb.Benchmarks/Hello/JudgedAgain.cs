namespace OpenSslSessionCb.Benchmarks;

/// <summary>Resumptions whose client OpenSSL is asked about each time, against those where its answer is remembered.</summary>
internal sealed record JudgedAgain(double RememberedUs, double EachUs, double Ratio, double Margin)
{
    /// <summary>In blocks A B B A, as <see cref="Duel"/> does it.</summary>
    internal static JudgedAgain Measure(ManagedContender remembered, ManagedContender each, int blocks)
    {
        var first = new Turns(remembered);
        var second = new Turns(each);
        _ = first.Take();
        _ = second.Take();
        var ratios = new List<double>();
        for (int block = 0; block < blocks; block++)
        {
            double[] without = first.Take();
            double[] with = [.. second.Take(), .. second.Take()];
            without = [.. without, .. first.Take()];
            ratios.Add(with.Median() / without.Median());
        }

        return new JudgedAgain(first.Microseconds.Median(), second.Microseconds.Median(), ratios.Median(), ratios.MedianMargin());
    }
}
