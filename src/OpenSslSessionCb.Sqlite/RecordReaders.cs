using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OpenSslSessionCb;

/// <summary>The connections that read. In WAL mode readers neither wait for the writer nor hold it up.</summary>
internal sealed class RecordReaders(StoreFile file, TimeSpan patience) : IDisposable
{
    private readonly ConcurrentStack<StoreConnection> _idle = new();

    // Never disposed: a call that is under way when the store is closed still has to leave it, and it holds no handle.
    private readonly SemaphoreSlim _places = new(2 * Environment.ProcessorCount);
    private volatile bool _disposed;

    public T Read<T>(Func<StoreConnection, T> read)
    {
        if (!_places.Wait(patience))
        {
            throw SqliteFailures.Busy(file.Path);
        }

        StoreConnection? connection = null;
        try
        {
            if (!_idle.TryPop(out connection))
            {
                connection = file.Open();
            }

            T result = read(connection);
            GiveBack(connection);
            return result;
        }
        catch (Exception exception)
        {
            // Failed reads are rare, and after most of them a connection should not be trusted.
            connection?.Dispose();
            if (exception is SqliteException failure)
            {
                throw SqliteFailures.At(file.Path, failure);
            }

            throw;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    private void GiveBack(StoreConnection connection)
    {
        _idle.Push(connection);
        if (_disposed)
        {
            // Dispose may have looked before this one was there.
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out StoreConnection? connection))
        {
            connection.Dispose();
        }
    }
}
