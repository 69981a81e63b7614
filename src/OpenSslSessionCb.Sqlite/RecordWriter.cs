using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenSslSessionCb;

/// <summary>The one connection that writes, for one thread at a time: SQLite lets one write anyway.</summary>
internal sealed class RecordWriter(StoreFile file, StoreConnection first, SqliteSessionStoreOptions options) : IDisposable
{
    // Short enough that a sweep never makes a put in another process wait for long.
    private const int SweepBatch = 256;

    private readonly Lock _lock = new();
    private readonly TimeSpan _patience = options.BusyTimeout;
    private readonly SizeBounds _bounds = new(options.MaxRecords, file.MaxPages);
    private StoreConnection? _connection = first;
    private bool _disposed;

    public byte[]? Take(SessionStoreKey key, long now) => Write(connection => connection.Take(key, now));

    public void Remove(SessionStoreKey key) => Write(connection => connection.Remove(key));

    public void Put(SessionStoreKey key, ReadOnlyMemory<byte> record, long expiresAt) => Write(connection =>
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                connection.Put(key, record.Span, expiresAt);
                return _bounds.AfterPut(connection);
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_FULL)
            {
                if (!_bounds.TryMakeRoom(connection, record.Length, attempt))
                {
                    throw;
                }
            }
        }
    });

    /// <summary>Deletes what has expired, and what other processes wrote beyond the bound.</summary>
    public void Sweep(long now)
    {
        while (Write(connection => connection.Sweep(now, SweepBatch)) == SweepBatch)
        {
        }

        Write(_bounds.KeepCount);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _connection?.Dispose();
            _connection = null;
        }
    }

    private T Write<T>(Func<StoreConnection, T> write)
    {
        if (!_lock.TryEnter(_patience))
        {
            throw SqliteFailures.Busy(file.Path);
        }

        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
            _connection ??= file.Open();
            return write(_connection);
        }
        catch (SqliteException exception)
        {
            if (_connection is not null && !(SqliteFailures.LeavesConnectionSound(exception) && _connection.IsIdle))
            {
                _connection.Dispose();
                _connection = null;
            }

            throw SqliteFailures.At(file.Path, exception);
        }
        finally
        {
            _lock.Exit();
        }
    }
}
