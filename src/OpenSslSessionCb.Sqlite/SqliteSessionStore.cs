namespace OpenSslSessionCb;

/// <summary>A store in an SQLite file, which any number of processes of one machine share.</summary>
/// <remarks>
/// <para>
/// Every member may be called from any thread, does its I/O before it returns, and waits for others no longer than
/// <see cref="SqliteSessionStoreOptions.BusyTimeout"/> says. Readers do not wait for writers. A member that fails throws
/// <see cref="SessionStoreException"/> and leaves neither a transaction nor half a record behind; the next call starts afresh.
/// </para>
/// <para>
/// A record that <see cref="PutAsync"/> has confirmed survives the death of every process. When the power fails,
/// the last ones may be lost; the file stays sound. The file must lie on a local file system. It is made
/// readable and writable for its owner only; the mode of a file that exists already is left as it is.
/// </para>
/// </remarks>
public sealed class SqliteSessionStore : ISessionStore
{
    private readonly RecordWriter _writer;
    private readonly RecordReaders _readers;
    private readonly TimeProvider _time;
    private readonly ITimer _sweepTimer;
    private readonly long _maxRecordBytes;
    private int _sweeping;
    private volatile bool _disposed;

    private SqliteSessionStore(StoreFile file, SqliteSessionStoreOptions options)
    {
        Path = file.Path;
        _time = options.TimeProvider;
        _maxRecordBytes = options.MaxBytes / 4;
        _writer = new RecordWriter(file, file.OpenFirst(options.CheckOnOpen), options);
        _readers = new RecordReaders(file, options.BusyTimeout);
        _sweepTimer = _time.CreateTimer(
            SweepIfAlive, new WeakReference<SqliteSessionStore>(this), options.SweepInterval, options.SweepInterval);
    }

    /// <inheritdoc/>
    public SessionStoreTraits Traits => SessionStoreTraits.AtomicTake;

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens the file, or makes it when there is none. Other processes may do the same at the same moment.</summary>
    /// <param name="path">The file. Its directory must exist. SQLite keeps two more beside it, with -wal and -shm appended
    /// to the name.</param>
    /// <param name="options">The bounds; the defaults when null.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of its range.</exception>
    /// <exception cref="SessionStoreException">The file cannot be opened or made, is damaged, or is not a store that this
    /// version knows.</exception>
    public static SqliteSessionStore Open(string path, SqliteSessionStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new SqliteSessionStoreOptions();
        options.Validate();
        return new SqliteSessionStore(new StoreFile(path, options), options);
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The file cannot be read.</exception>
    public ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<byte[]?>(cancellationToken);
        }

        long now = Now();
        return new ValueTask<byte[]?>(_readers.Read(connection => connection.Get(key, now)));
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The file cannot be read or written. The record may or may not be there
    /// still; nobody has it.</exception>
    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<byte[]?>(cancellationToken);
        }

        // Looked for first, so that asking for what is not there never waits for the write lock.
        long now = Now();
        bool exists = _readers.Read(connection => connection.Exists(key, now));
        return new ValueTask<byte[]?>(exists ? _writer.Take(key, now) : null);
    }

    /// <inheritdoc/>
    /// <remarks>A record of more than a quarter of <see cref="SqliteSessionStoreOptions.MaxBytes"/> is not kept.</remarks>
    /// <exception cref="SessionStoreException">The record was not written. What it was to replace is still there.</exception>
    public ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PutArguments.Check(record, lifetime);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (record.Length > _maxRecordBytes)
        {
            // It would push out everything else. What it replaces must go all the same.
            return RemoveAsync(key, CancellationToken.None);
        }

        long now = Now();
        long milliseconds = (long)lifetime.TotalMilliseconds;
        _writer.Put(key, record, milliseconds > long.MaxValue - now ? long.MaxValue : now + milliseconds);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The file cannot be written; the record is still there.</exception>
    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        _writer.Remove(key);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Closes the file, after the calls that are under way. Calls made later throw <see cref="ObjectDisposedException"/>.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        _readers.Dispose();
        _writer.Dispose();
        return _sweepTimer.DisposeAsync();
    }

    private static void SweepIfAlive(object? store)
    {
        // Weak, so that a store which nobody disposed can be collected: a timer keeps its state alive.
        if (((WeakReference<SqliteSessionStore>)store!).TryGetTarget(out SqliteSessionStore? alive))
        {
            alive.Sweep();
        }
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        try
        {
            _writer.Sweep(Now());
        }
        catch (Exception exception) when (exception is SessionStoreException or ObjectDisposedException)
        {
            // Nobody waits for a sweep. The next one tries again, and a call that needs the file says what is wrong with it.
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
