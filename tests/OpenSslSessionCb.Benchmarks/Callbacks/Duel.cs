namespace OpenSslSessionCb.Benchmarks;

/// <summary>Reference against managed, in turns, in one process.</summary>
/// <remarks>
/// A block is A B B A, so that a machine that grows slower or faster meanwhile does so for both. The ratio is the median of
/// the blocks' ratios and not the ratio of the medians: what else the machine does for a second or two moves some blocks
/// to the side, instead of one contender against the other.
/// </remarks>
internal sealed class Duel : IDisposable
{
    private readonly CallbackCase _which;
    private readonly Turns _reference;
    private readonly Turns _managed;
    private readonly ManagedContender _managedContender;

    internal Duel(CallbackCase which)
    {
        _which = which;
        _managedContender = new ManagedContender(which);
        _managed = new Turns(_managedContender);
        _reference = new Turns(new ReferenceContender(which));
    }

    /// <summary>Runs without measuring, until the JIT is done with what connections use.</summary>
    internal void WarmUp(TimeSpan duration)
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < duration.TotalMilliseconds;)
        {
            _managedContender.Connect();
            _managedContender.Rest();
        }
    }

    internal CallbackResult Run(TimeSpan duration)
    {
        var ratios = new List<double>();
        for (long start = Environment.TickCount64; ratios.Count == 0 || Environment.TickCount64 - start < duration.TotalMilliseconds;)
        {
            double[] reference = _reference.Take();
            double[] managed = [.. _managed.Take(), .. _managed.Take()];
            reference = [.. reference, .. _reference.Take()];
            ratios.Add(managed.Median() / reference.Median());
        }

        return new CallbackResult(
            _which.Name,
            Math.Round(_reference.Microseconds.Median(), 2),
            Math.Round(_managed.Microseconds.Median(), 2),
            Math.Round(ratios.Median(), 4),
            Math.Round(ratios.MedianMargin(), 4),
            _which.RatioLimit,
            Math.Round(_reference.ProcessMicroseconds.Median(), 2),
            Math.Round(_managed.ProcessMicroseconds.Median(), 2),
            HitAllocation.PerHit(_managedContender),
            Math.Round(HitAllocation.PerConnection(_managedContender), 1),
            _reference.Microseconds.Count);
    }

    public void Dispose()
    {
        _reference.Contender.Dispose();
        _managed.Contender.Dispose();
    }
}
