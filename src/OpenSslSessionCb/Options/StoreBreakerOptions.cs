using System.ComponentModel.DataAnnotations;

namespace OpenSslSessionCb;

/// <summary>
/// When a store is left alone: while the breaker is open, lookups are misses at once, so that a dead store costs no handshake any time.
/// Answers that are late count as failures.
/// </summary>
public sealed record StoreBreakerOptions
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    /// <summary>The share of failed lookups that opens the breaker. Above 0, at most 1.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many lookups the sampling duration must have seen before the breaker opens. 2 to 100,000.</summary>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Over how long the share is taken. 500 milliseconds to 1 hour.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the breaker stays open; then one lookup tries the store, and closes it or not. So long may resumption stay away
    /// after the store is back. 500 milliseconds to 1 hour.
    /// </summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    internal ValidationResult?[] Problems(string name) =>
    [
        FailureRatio is > 0 and <= 1
            ? null
            : new ValidationResult(
                FormattableString.Invariant($"{name}.{nameof(FailureRatio)} is {FailureRatio}, but must be above 0 and at most 1."),
                [$"{name}.{nameof(FailureRatio)}"]),
        OptionRange.Check(MinimumThroughput, 2, 100_000, $"{name}.{nameof(MinimumThroughput)}"),
        OptionRange.Check(SamplingDuration, s_shortest, s_longest, $"{name}.{nameof(SamplingDuration)}"),
        OptionRange.Check(BreakDuration, s_shortest, s_longest, $"{name}.{nameof(BreakDuration)}"),
    ];
}
