using Microsoft.Extensions.Options;

namespace OpenSslSessionCb;

/// <summary>One sentence for each bad value. A test holds these bounds against those of <see cref="SessionCacheOptions"/>.</summary>
internal sealed class OpenSslSessionCacheOptionsValidator : IValidateOptions<OpenSslSessionCacheOptions>
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, OpenSslSessionCacheOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (SessionCacheOptions.ProblemOfFarm(options.Farm) is { } problem)
        {
            problems.AddError(Sentence(nameof(options.Farm), problem));
        }

        if (options.KeyFile is not null && string.IsNullOrWhiteSpace(options.KeyFile))
        {
            problems.AddError(Sentence(nameof(options.KeyFile), "must name a file, or be left out"));
        }

        if (options.CreateKeyFile && options.KeyFile is null)
        {
            problems.AddError(Sentence(nameof(options.CreateKeyFile), $"needs {nameof(options.KeyFile)}"));
        }

        Check(options.KeyFileReloadInterval, s_second, TimeSpan.FromDays(1), nameof(options.KeyFileReloadInterval));
        Check(options.Lifetime, s_second, TimeSpan.FromDays(7), nameof(options.Lifetime));
        Check(options.MaxAge, s_second, TimeSpan.FromDays(30), nameof(options.MaxAge));
        Check(options.LookupDeadline, TimeSpan.FromMilliseconds(1), s_second, nameof(options.LookupDeadline));
        if (!(options.BreakerFailureRatio is > 0 and <= 1))
        {
            problems.AddError(
                Sentence(nameof(options.BreakerFailureRatio), $"is {options.BreakerFailureRatio}, but must be above 0 and at most 1"));
        }

        Check(options.BreakerMinimumThroughput, 2, 100_000, nameof(options.BreakerMinimumThroughput));
        Check(options.BreakerSamplingDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1),
            nameof(options.BreakerSamplingDuration));
        Check(options.BreakerBreakDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1), nameof(options.BreakerBreakDuration));
        Check(options.NearCacheCapacity, 0, 1_000_000, nameof(options.NearCacheCapacity));
        Check(options.NearCacheLifetime, s_second, TimeSpan.FromDays(1), nameof(options.NearCacheLifetime));
        Check(options.WriteQueueCapacity, 1, 1_000_000, nameof(options.WriteQueueCapacity));
        Check(options.ReverifyInterval, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(options.ReverifyInterval));
        Check(options.FlushTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(options.FlushTimeout));
        Check(options.Tickets, 0, 16, nameof(options.Tickets));
        return problems.Build();

        void Check<T>(T value, T least, T most, string option)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                problems.AddError(Sentence(option, $"is {value}, but must be from {least} to {most}"));
            }
        }
    }

    private static string Sentence(string option, string problem) => $"{OpenSslSessionCacheOptions.SectionName}:{option} {problem}.";
}
