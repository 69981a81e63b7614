namespace OpenSslSessionCb;

/// <summary>The bounds of a <see cref="MemorySessionStore"/>. Read once, by the constructor.</summary>
public sealed class MemorySessionStoreOptions
{
    /// <summary>The most records kept at once: 1 to 100,000,000. 20,480, which is libssl's own default, unless set.</summary>
    public int MaxRecords { get; set; } = 20_480;

    /// <summary>
    /// The most bytes that all records together may have: 1 or more. 64 MiB unless set. What it takes to keep a
    /// record, about 250 bytes each, is not counted.
    /// </summary>
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How often expired records are looked for and wiped: 1 second to 1 day. 1 minute unless set. A record is never
    /// returned after its lifetime; this says only how much longer its bytes may lie in memory.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock that lifetimes are counted with. The system's unless set.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRecords, 100_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SweepInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SweepInterval, TimeSpan.FromDays(1));
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
