namespace OpenSslSessionCb;

/// <summary>The bounds of a <see cref="SqliteSessionStore"/>. Read once, when it is opened.</summary>
/// <remarks>Give all processes that share a file the same bounds: each keeps to its own.</remarks>
public sealed class SqliteSessionStoreOptions
{
    /// <summary>
    /// The most records kept: 1 to 100,000,000; 100,000 unless set. Above it, the records that expire soonest go. Kept at
    /// every write where one process writes; where several do, each sees what the others wrote at its next sweep.
    /// </summary>
    public int MaxRecords { get; set; } = 100_000;

    /// <summary>
    /// The most bytes that the database file may have: 256 KiB to 1 TiB; 256 MiB unless set. The write-ahead log
    /// beside it, 4 MiB as a rule, is not counted. A file that is larger already does not shrink, but gets no larger.
    /// </summary>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// How long a call waits for its turn among this process's threads, and then again for other processes:
    /// 1 ms to 1 minute; 1 second unless set.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often expired records are deleted: 1 second to 1 day; 30 seconds unless set. A record is never returned after
    /// its lifetime; this says how long its bytes may stay in the file.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the file's structure is checked when it is opened; true unless set. The check reads the whole file:
    /// about a second for each GiB.
    /// </summary>
    public bool CheckOnOpen { get; set; } = true;

    /// <summary>
    /// The clock: its UTC time is written into the file, so that processes that share one must agree about the time.
    /// The system's unless set.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRecords, 100_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 256L * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBytes, 1L << 40);
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BusyTimeout, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(SweepInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SweepInterval, TimeSpan.FromDays(1));
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
