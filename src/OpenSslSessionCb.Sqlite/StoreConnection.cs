using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenSslSessionCb;

/// <summary>A connection with the store's statements. Used by one thread at a time; each statement is a transaction of its own.</summary>
internal sealed class StoreConnection(SqliteConnection connection) : IDisposable
{
    // Of a text length counts the characters before its first zero, whatever comes behind.
    private const string IsRecord = "(typeof(record) = 'blob' AND length(record) <= ?3)";

    private PreparedStatement? _get;
    private PreparedStatement? _exists;
    private PreparedStatement? _take;
    private PreparedStatement? _takeOther;
    private PreparedStatement? _put;
    private PreparedStatement? _remove;
    private PreparedStatement? _sweep;
    private PreparedStatement? _evict;
    private PreparedStatement? _count;
    private PreparedStatement? _pages;

    /// <summary>False when a failed statement left a transaction behind: the connection must then be closed.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(connection.Handle!) != 0;

    /// <summary>Zeros, one more than a record can have, in place of what is none: to give a part of it SQLite reads it all.</summary>
    public byte[]? Get(SessionStoreKey key, long now) =>
        Prepared(ref _get, $"""
            SELECT CASE WHEN {IsRecord} THEN record ELSE zeroblob(?3 + 1) END FROM records WHERE key = ?1 AND expires_at > ?2
            """).Bind(1, key).Bind(2, now).Bind(3, SessionStoreRecord.MaxLength).RunForBlob();

    public bool Exists(SessionStoreKey key, long now) =>
        Prepared(ref _exists, "SELECT 1 FROM records WHERE key = ?1 AND expires_at > ?2").Bind(1, key).Bind(2, now)
            .RunForNumber() is not null;

    /// <summary>As <see cref="Get"/>. What is none goes by a statement of its own: RETURNING reads all of the row.</summary>
    public byte[]? Take(SessionStoreKey key, long now) =>
        Prepared(ref _take, $"DELETE FROM records WHERE key = ?1 AND expires_at > ?2 AND {IsRecord} RETURNING record")
            .Bind(1, key).Bind(2, now).Bind(3, SessionStoreRecord.MaxLength).RunForBlob()
        ?? (TakeOther(key, now) ? new byte[SessionStoreRecord.MaxLength + 1] : null);

    public void Put(SessionStoreKey key, ReadOnlySpan<byte> record, long expiresAt) =>
        Prepared(ref _put, """
            INSERT INTO records (key, expires_at, record) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at, record = excluded.record
            """).Bind(1, key).Bind(2, expiresAt).Bind(3, record).Run();

    public int Remove(SessionStoreKey key) =>
        Prepared(ref _remove, "DELETE FROM records WHERE key = ?1").Bind(1, key).Run();

    /// <summary>Deletes up to <paramref name="limit"/> expired records; returns how many.</summary>
    public int Sweep(long now, int limit) =>
        Prepared(ref _sweep, """
            DELETE FROM records WHERE key IN (SELECT key FROM records WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
            """).Bind(1, now).Bind(2, limit).Run();

    /// <summary>Deletes the <paramref name="count"/> records that expire soonest; returns how many there were.</summary>
    public int Evict(long count) =>
        Prepared(ref _evict, """
            DELETE FROM records WHERE key IN (SELECT key FROM records ORDER BY expires_at LIMIT ?1)
            """).Bind(1, count).Run();

    public long Count() => Prepared(ref _count, "SELECT count(*) FROM records").RunForNumber() ?? 0;

    /// <summary>How many pages of the file hold something.</summary>
    public long UsedPages() =>
        Prepared(ref _pages, "SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count").RunForNumber() ?? 0;

    public void Dispose()
    {
        foreach (PreparedStatement? statement in (ReadOnlySpan<PreparedStatement?>)[
            _get, _exists, _take, _takeOther, _put, _remove, _sweep, _evict, _count, _pages,
        ])
        {
            statement?.Dispose();
        }

        connection.Dispose();
    }

    private bool TakeOther(SessionStoreKey key, long now) =>
        Prepared(ref _takeOther, $"DELETE FROM records WHERE key = ?1 AND expires_at > ?2 AND NOT {IsRecord}")
            .Bind(1, key).Bind(2, now).Bind(3, SessionStoreRecord.MaxLength).Run() > 0;

    private PreparedStatement Prepared(ref PreparedStatement? statement, string sql) =>
        statement ??= new PreparedStatement(connection, sql);
}
