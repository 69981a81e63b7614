using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>How a <see cref="SessionCache"/> keeps and looks up sessions. Checked when the cache is made.</summary>
public sealed record SessionCacheOptions
{
    /// <summary>
    /// The name of the farm: sessions resume only between nodes with the same name. Part of the session id context and of
    /// every record. 1 to 256 characters of valid Unicode, not all of them blank.
    /// </summary>
    public string Farm { get; init; } = "default";

    /// <summary>
    /// Seals what leaves this process. Required unless the store is <see cref="SessionStoreTraits.InProcess"/>. Stays the caller's,
    /// and must outlive the cache.
    /// </summary>
    public SessionKeyRing? KeyRing { get; init; }

    /// <summary>How long a session may be resumed after it was made; libssl's own timeout if that is shorter. 1 second to 7 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long after the full handshake a client may go on resuming. TLS 1.3 gives out a new session on every resumption;
    /// this ends the chain. At least <see cref="Lifetime"/> is sensible. 1 second to 30 days.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a handshake waits for the store at most; after that it is a full one. 1 to 1,000 milliseconds.</summary>
    public TimeSpan LookupDeadline { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>When a store that fails, or is late, is left alone for a while.</summary>
    public StoreBreakerOptions Breaker { get; init; } = new();

    /// <summary>How many decoded sessions this process keeps at hand. 0 keeps none; at most 1,000,000. About 1 KB each.</summary>
    public int NearCacheCapacity { get; init; } = 10_000;

    /// <summary>
    /// How long a decoded session is kept at hand without asking the store again: so long may a removal on another node
    /// take to be seen here. 1 second to 1 day.
    /// </summary>
    public TimeSpan NearCacheLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many writes may wait for the store; what comes on top is dropped and counted. 1 to 1,000,000.</summary>
    public int WriteQueueCapacity { get; init; } = 10_000;

    /// <summary>How long <see cref="SessionCache.DisposeAsync"/> waits for the queued writes. 0 to 1 hour.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many TLS 1.3 tickets a full handshake gives out; each costs a write. 0 to 16.</summary>
    public int Tickets { get; init; } = 1;

    /// <summary>Which settings of an attached context are put right. What is left out stays the host's.</summary>
    public ManagedSettings Manage { get; init; } = ManagedSettings.All;

    /// <summary>
    /// How long an answer of OpenSSL's, that a session's client would be accepted by a full handshake here, is good for: so long may
    /// a client resume whom a new CRL revokes. 0 asks on every resumption, which costs what verifying a chain costs. 0 to 1 hour.
    /// </summary>
    public TimeSpan ReverifyInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether sessions without a client certificate are shared where clients are asked for one. Only where the host asks, and
    /// does not demand, and decides about each request: see docs/security.md. Not kept otherwise.
    /// </summary>
    public bool ShareSessionsWithoutClientCertificate { get; init; }

    /// <summary>
    /// Asked before a session with a client certificate is resumed: false is a full handshake, in which the client shows its
    /// certificate again. Null: all may. For users who are locked out, and roles that end.
    /// </summary>
    /// <remarks>
    /// Called on libssl's thread, in the middle of a handshake, and on many at once: it must look into memory and come back within
    /// microseconds. An exception counts as false, and as an error in <see cref="SessionCache.Statistics"/>.
    /// </remarks>
    public ResumptionFilter? MayResume { get; init; }

    /// <summary>Whether session callbacks that another component had set on a context are called too.</summary>
    public bool Chain { get; init; } = true;

    /// <summary>Whether the store stays open when the cache is disposed of. False: the cache disposes of it.</summary>
    public bool LeaveStoreOpen { get; init; }

    /// <summary>Where problems are logged, at most once a minute and kind; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Makes the meter <c>OpenSslSessionCb</c> (docs/metrics.md); null: one that belongs to no factory.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>The clock for lifetimes and for the breaker. libssl checks its own times against the system's clock besides.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether the cache keeps sessions without what the host has hung on them (ex_data), as if another process had made them. For
    /// hosts that know nothing of us: their dup functions may have been written for sessions of one connection after another only.
    /// </summary>
    internal bool LeavesHostData { get; init; }

    internal bool MakesSessionIds => KeyRing is not null && Manage.HasFlag(ManagedSettings.SessionIds);

    /// <summary>What is wrong with a farm's name, so that it can stand behind the name of a setting; null: nothing.</summary>
    /// <param name="name">For <see cref="Farm"/>.</param>
    public static string? ProblemOfFarm(string? name) => FarmName.ProblemOf(name);

    internal void Validate(ISessionStore store)
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Breaker);
        Breaker.Validate();
        if (ProblemOfFarm(Farm) is { } problem)
        {
            throw new ArgumentException($"SessionCacheOptions.Farm {problem}.");
        }

        if (KeyRing is null && !store.Traits.HasFlag(SessionStoreTraits.InProcess))
        {
            throw new ArgumentException(
                $"{store.GetType().Name} keeps sessions outside this process: set SessionCacheOptions.KeyRing, so that they are sealed.");
        }

        OptionRange.Check(Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), nameof(Lifetime));
        OptionRange.Check(MaxAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), nameof(MaxAge));
        OptionRange.Check(LookupDeadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), nameof(LookupDeadline));
        OptionRange.Check(NearCacheLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(NearCacheLifetime));
        OptionRange.Check(ReverifyInterval, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(ReverifyInterval));
        OptionRange.Check(FlushTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(FlushTimeout));
        OptionRange.Check(NearCacheCapacity, 0, 1_000_000, nameof(NearCacheCapacity));
        OptionRange.Check(WriteQueueCapacity, 1, 1_000_000, nameof(WriteQueueCapacity));
        OptionRange.Check(Tickets, 0, 16, nameof(Tickets));
    }
}
