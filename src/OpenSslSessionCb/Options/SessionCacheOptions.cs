using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>
/// How a <see cref="SessionCache"/> keeps and looks up sessions. Checked and copied when the cache is made: changes after that change
/// nothing.
/// </summary>
public sealed record SessionCacheOptions : SessionCacheSettings
{
    /// <summary>The defaults.</summary>
    public SessionCacheOptions()
    {
    }

    /// <summary>With these values.</summary>
    /// <param name="settings">Copied.</param>
    public SessionCacheOptions(SessionCacheSettings settings)
        : base(settings)
    {
    }

    /// <summary>
    /// Seals what leaves this process. Required unless the store is <see cref="SessionStoreTraits.InProcess"/>. Stays the caller's,
    /// and must outlive the cache.
    /// </summary>
    public SessionKeyRing? KeyRing { get; set; }

    /// <summary>Which settings of an attached context are put right. What is left out stays the host's.</summary>
    public ManagedSettings Manage { get; set; } = ManagedSettings.All;

    /// <summary>
    /// Asked before a session with a client certificate is resumed: false is a full handshake, in which the client shows its
    /// certificate again. Null: all may. For users who are locked out, and roles that end.
    /// </summary>
    /// <remarks>
    /// Called on libssl's thread, in the middle of a handshake, and on many at once: it must look into memory and come back within
    /// microseconds. An exception counts as false, and as an error in <see cref="SessionCache.Statistics"/>.
    /// </remarks>
    public ResumptionFilter? MayResume { get; set; }

    /// <summary>Whether session callbacks that another component had set on a context are called too.</summary>
    public bool Chain { get; set; } = true;

    /// <summary>Whether the store stays open when the cache is disposed of. False: the cache disposes of it.</summary>
    public bool LeaveStoreOpen { get; set; }

    /// <summary>Where problems are logged, at most once a minute and kind; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Makes the meter <c>OpenSslSessionCb</c> (docs/metrics.md); null: one that belongs to no factory.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>The clock for lifetimes and for the breaker. libssl checks its own times against the system's clock besides.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Whether the cache keeps sessions without what the host has hung on them (ex_data), as if another process had made them. For
    /// hosts that know nothing of us: their dup functions may have been written for sessions of one connection after another only.
    /// </summary>
    internal bool LeavesHostData { get; set; }

    internal bool MakesSessionIds => KeyRing is not null && Manage.HasFlag(ManagedSettings.SessionIds);

    /// <summary>What is wrong with a farm's name, so that it can stand behind the name of a setting; null: nothing.</summary>
    /// <param name="name">For <see cref="SessionCacheSettings.Farm"/>.</param>
    public static string? ProblemOfFarm(string? name) => FarmName.ProblemOf(name);

    /// <summary>What the cache keeps: nobody changes it any more.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or a key ring is needed and missing.</exception>
    internal SessionCacheOptions CheckedCopy(ISessionStore store)
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Breaker);
        SessionCacheOptions copy = this with { Breaker = Breaker with { } };
        if (copy.Problems().FirstOrDefault() is { } problem)
        {
            throw new ArgumentException($"{nameof(SessionCacheOptions)}.{problem.ErrorMessage}");
        }

        return copy.KeyRing is not null || store.Traits.HasFlag(SessionStoreTraits.InProcess)
            ? copy
            : throw new ArgumentException(
                $"{store.GetType().Name} keeps sessions outside this process: set SessionCacheOptions.KeyRing, so that they are sealed.");
    }
}
