using Microsoft.Data.Sqlite;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Microsoft.Data.Sqlite's prepared commands on one connection, over a file with the store's own tables and settings.</summary>
internal sealed class RawSqliteCalls : IStoreCalls
{
    private readonly byte[][] _keys;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _take;

    private RawSqliteCalls(SqliteConnection connection, NumberedRecords records)
    {
        _connection = connection;
        _keys = Array.ConvertAll(records.Keys, static key => key.ToArray());
        _put = Prepare("""
            INSERT INTO records (key, expires_at, record) VALUES ($key, $time, $record)
            ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at, record = excluded.record
            """);
        _put.Parameters.AddWithValue("$record", records.Record);
        _get = Prepare("SELECT record FROM records WHERE key = $key AND expires_at > $time");
        _take = Prepare("DELETE FROM records WHERE key = $key AND expires_at > $time RETURNING record");
    }

    internal static RawSqliteCalls Open(string path, NumberedRecords records)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand settings = connection.CreateCommand();
        settings.CommandText = """
            PRAGMA page_size = 4096;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA secure_delete = ON;
            PRAGMA journal_size_limit = 8388608;
            CREATE TABLE records (key BLOB NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
            CREATE INDEX records_by_expiry ON records (expires_at);
            """;
        settings.ExecuteNonQuery();
        return new RawSqliteCalls(connection, records);
    }

    public ValueTask PutAsync(int number)
    {
        Bind(_put, number, DateTimeOffset.UtcNow + NumberedRecords.Lifetime).ExecuteNonQuery();
        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]?> GetAsync(int number) => new((byte[]?)Bind(_get, number, DateTimeOffset.UtcNow).ExecuteScalar());

    public ValueTask<byte[]?> TakeAsync(int number) => new((byte[]?)Bind(_take, number, DateTimeOffset.UtcNow).ExecuteScalar());

    public ValueTask DisposeAsync()
    {
        _put.Dispose();
        _get.Dispose();
        _take.Dispose();
        return _connection.DisposeAsync();
    }

    private SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add("$key", SqliteType.Blob);
        command.Parameters.Add("$time", SqliteType.Integer);
        return command;
    }

    private SqliteCommand Bind(SqliteCommand command, int number, DateTimeOffset time)
    {
        command.Parameters[0].Value = _keys[number];
        command.Parameters[1].Value = time.ToUnixTimeMilliseconds();
        return command;
    }
}
