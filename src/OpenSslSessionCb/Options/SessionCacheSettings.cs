using System.ComponentModel.DataAnnotations;

namespace OpenSslSessionCb;

/// <summary>The settings of a session cache that are plain values, so that a configuration can hold them.</summary>
public abstract record SessionCacheSettings : IValidatableObject
{
    /// <summary>
    /// The name of the farm: sessions resume only between nodes with the same name. Part of the session id context and of
    /// every record. 1 to 256 characters of valid Unicode, not all of them blank.
    /// </summary>
    public string Farm { get; set; } = "default";

    /// <summary>How long a session may be resumed after it was made; libssl's own timeout if that is shorter. 1 second to 7 days.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long after the full handshake a client may go on resuming. TLS 1.3 gives out a new session on every resumption;
    /// this ends the chain. At least <see cref="Lifetime"/> is sensible. 1 second to 30 days.
    /// </summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a handshake waits for the store at most; after that it is a full one. 1 to 1,000 milliseconds.</summary>
    public TimeSpan LookupDeadline { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>When a store that fails, or is late, is left alone for a while.</summary>
    public StoreBreakerOptions Breaker { get; set; } = new();

    /// <summary>How many decoded sessions this process keeps at hand. 0 keeps none; at most 1,000,000. About 1 KB each.</summary>
    public int NearCacheCapacity { get; set; } = 10_000;

    /// <summary>
    /// How long a decoded session is kept at hand without asking the store again: so long may a removal on another node
    /// take to be seen here. 1 second to 1 day.
    /// </summary>
    public TimeSpan NearCacheLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many writes may wait for the store; what comes on top is dropped and counted. 1 to 1,000,000.</summary>
    public int WriteQueueCapacity { get; set; } = 10_000;

    /// <summary>How long <see cref="SessionCache.DisposeAsync"/> waits for the queued writes. 0 to 1 hour.</summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many TLS 1.3 tickets a full handshake gives out; each costs a write. 0 to 16.</summary>
    public int Tickets { get; set; } = 1;

    /// <summary>
    /// How long an answer of OpenSSL's, that a session's client would be accepted by a full handshake here, is good for: so long may
    /// a client resume whom a new CRL revokes. 0 asks on every resumption, which costs what verifying a chain costs. 0 to 1 hour.
    /// </summary>
    public TimeSpan ReverifyInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether sessions without a client certificate are shared where clients are asked for one. Only where the host asks, and
    /// does not demand, and decides about each request: see docs/security.md. Not kept otherwise.
    /// </summary>
    public bool ShareSessionsWithoutClientCertificate { get; set; }

    /// <summary>One sentence for each value that is out of its range.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>Empty: all is well.</returns>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Problems();

    internal IEnumerable<ValidationResult> Problems()
    {
        TimeSpan second = TimeSpan.FromSeconds(1), hour = TimeSpan.FromHours(1), day = TimeSpan.FromDays(1);
        ValidationResult?[] found =
        [
            FarmName.ProblemOf(Farm) is { } problem ? new ValidationResult($"{nameof(Farm)} {problem}.", [nameof(Farm)]) : null,
            OptionRange.Check(Lifetime, second, TimeSpan.FromDays(7), nameof(Lifetime)),
            OptionRange.Check(MaxAge, second, TimeSpan.FromDays(30), nameof(MaxAge)),
            OptionRange.Check(LookupDeadline, TimeSpan.FromMilliseconds(1), second, nameof(LookupDeadline)),
            OptionRange.Check(NearCacheCapacity, 0, 1_000_000, nameof(NearCacheCapacity)),
            OptionRange.Check(NearCacheLifetime, second, day, nameof(NearCacheLifetime)),
            OptionRange.Check(WriteQueueCapacity, 1, 1_000_000, nameof(WriteQueueCapacity)),
            OptionRange.Check(FlushTimeout, TimeSpan.Zero, hour, nameof(FlushTimeout)),
            OptionRange.Check(Tickets, 0, 16, nameof(Tickets)),
            OptionRange.Check(ReverifyInterval, TimeSpan.Zero, hour, nameof(ReverifyInterval)),
            .. Breaker.Problems(nameof(Breaker)),
        ];
        return found.OfType<ValidationResult>();
    }
}
