using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenSslSessionCb;

/// <summary>One statement, prepared once and run many times, by one thread at a time.</summary>
/// <remarks>
/// SqliteCommand is not used for these: it answers SQLITE_BUSY with sleeps of 150 ms until whole seconds have
/// passed, where <c>PRAGMA busy_timeout</c> alone wakes earlier and is exact, and it hides an error of the last step.
/// </remarks>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    public PreparedStatement Bind(int index, SessionStoreKey key)
    {
        Span<byte> bytes = stackalloc byte[SessionStoreKey.Length];
        key.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public PreparedStatement Bind(int index, ReadOnlySpan<byte> bytes)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(_statement, index, bytes), _database);
        return this;
    }

    public PreparedStatement Bind(int index, long number)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, index, number), _database);
        return this;
    }

    /// <summary>Runs a statement that returns no rows; returns how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            Step();
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the only row, or null when there is no row.</summary>
    public byte[]? RunForBlob()
    {
        try
        {
            if (!Step())
            {
                return null;
            }

            byte[] blob = raw.sqlite3_column_blob(_statement, 0).ToArray();

            // A statement that changes something commits in its last step: until that has succeeded, nothing happened.
            Step();
            return blob;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the only row, or null when there is no row.</summary>
    public long? RunForNumber()
    {
        try
        {
            return Step() ? raw.sqlite3_column_int64(_statement, 0) : null;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        SqliteException.ThrowExceptionForRC(result, _database);
        return false;
    }

    private void Reset()
    {
        // Repeats the error of the step, which was thrown already. Bound records are not to stay in SQLite's memory.
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }
}
