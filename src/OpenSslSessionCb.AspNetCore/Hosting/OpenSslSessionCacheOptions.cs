namespace OpenSslSessionCb;

/// <summary>
/// The settings of a hosted session cache: the configuration section <c>OpenSslSessionCache</c> first, then the code. Checked when
/// the host starts; what each means in full stands at <see cref="SessionCacheOptions"/>.
/// </summary>
public sealed class OpenSslSessionCacheOptions
{
    /// <summary>The configuration section that is read.</summary>
    public const string SectionName = "OpenSslSessionCache";

    private static readonly SessionCacheOptions s_defaults = new();

    /// <summary>The name of the farm: sessions resume only between nodes with the same name. 1 to 256 characters.</summary>
    public string Farm { get; set; } = s_defaults.Farm;

    /// <summary>
    /// The file of the keys that seal sessions, the same on every node of the farm. Needed for every store outside of this
    /// process: without it the host does not start. See docs/sealing.md.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// Whether a missing <see cref="KeyFile"/> is made; false unless set. For processes of one machine. A farm's nodes need a copy of
    /// one file: a node that made its own would resume nobody's sessions.
    /// </summary>
    public bool CreateKeyFile { get; set; }

    /// <summary>How often the key file is read again, so that rotated keys come into use without a restart. 1 second to 1 day.</summary>
    public TimeSpan KeyFileReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a session may be resumed after it was made. 1 second to 7 days; 2 hours unless set.</summary>
    public TimeSpan Lifetime { get; set; } = s_defaults.Lifetime;

    /// <summary>How long after the full handshake a client may go on resuming. 1 second to 30 days; 24 hours unless set.</summary>
    public TimeSpan MaxAge { get; set; } = s_defaults.MaxAge;

    /// <summary>How long a handshake waits for the store at most. 1 to 1,000 milliseconds; 20 unless set.</summary>
    public TimeSpan LookupDeadline { get; set; } = s_defaults.LookupDeadline;

    /// <summary>
    /// The share of failed or late lookups at which the store is left alone for a while. Above 0, at most 1; 0.5 unless set.
    /// </summary>
    public double BreakerFailureRatio { get; set; } = s_defaults.Breaker.FailureRatio;

    /// <summary>How many lookups must have been made before that. 2 to 100,000; 10 unless set.</summary>
    public int BreakerMinimumThroughput { get; set; } = s_defaults.Breaker.MinimumThroughput;

    /// <summary>Over how long the share is taken. 500 milliseconds to 1 hour; 2 seconds unless set.</summary>
    public TimeSpan BreakerSamplingDuration { get; set; } = s_defaults.Breaker.SamplingDuration;

    /// <summary>How long the store is left alone before one lookup tries it. 500 milliseconds to 1 hour; 1 second unless set.</summary>
    public TimeSpan BreakerBreakDuration { get; set; } = s_defaults.Breaker.BreakDuration;

    /// <summary>
    /// Whether Kestrel's connections look ahead: they ask the store before the handshake begins, so that no thread waits inside it.
    /// True unless set. Read when an endpoint starts. See docs/kestrel.md.
    /// </summary>
    public bool LookAhead { get; set; } = true;

    /// <summary>
    /// How long an answer of OpenSSL's, that a session's client would be accepted by a full handshake here, is good for. 0 to 1 hour;
    /// 1 minute unless set. SslStream and Kestrel judge each connection themselves.
    /// </summary>
    public TimeSpan ReverifyInterval { get; set; } = s_defaults.ReverifyInterval;

    /// <summary>
    /// Whether sessions without a client certificate are shared where clients are asked for one; false unless set. For endpoints of
    /// ClientCertificateMode.AllowCertificate, if none of RequireCertificate has the same server certificate. See docs/security.md.
    /// </summary>
    public bool ShareSessionsWithoutClientCertificate { get; set; }

    /// <summary>How many decoded sessions this process keeps at hand. 0 to 1,000,000; 10,000 unless set.</summary>
    public int NearCacheCapacity { get; set; } = s_defaults.NearCacheCapacity;

    /// <summary>How long one is kept at hand without asking the store again. 1 second to 1 day; 1 minute unless set.</summary>
    public TimeSpan NearCacheLifetime { get; set; } = s_defaults.NearCacheLifetime;

    /// <summary>How many writes may wait for the store. 1 to 1,000,000; 10,000 unless set.</summary>
    public int WriteQueueCapacity { get; set; } = s_defaults.WriteQueueCapacity;

    /// <summary>How long the host's stop waits for the queued writes. 0 to 1 hour; 5 seconds unless set.</summary>
    public TimeSpan FlushTimeout { get; set; } = s_defaults.FlushTimeout;

    /// <summary>How many TLS 1.3 tickets a full handshake gives out. 0 to 16; 1 unless set.</summary>
    public int Tickets { get; set; } = s_defaults.Tickets;
}
