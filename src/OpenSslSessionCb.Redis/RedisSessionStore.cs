using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>A store in Redis (6.2 or newer), Valkey or Garnet, which any number of machines share.</summary>
/// <remarks>
/// <para>
/// Every member may be called from any thread, and none blocks it. A call that is made while there is no connection fails
/// at once; one whose cancellation token is set ends then, whatever the server does. A member that fails throws
/// <see cref="SessionStoreException"/>; once the server is back, so is the store.
/// </para>
/// <para>
/// Each command has one key, or two in the same slot, so a cluster will do. The server drops records when their lifetime is over.
/// Whatever lies under a key, no more than <see cref="SessionStoreRecord.MaxLength"/> + 1 bytes of it are asked for.
/// </para>
/// </remarks>
public sealed class RedisSessionStore : ISessionStore
{
    // A hundred years. The server refuses what its clock cannot hold, and nothing at all is not a lifetime either.
    private const long MaxMilliseconds = 36_500L * 24 * 3600 * 1000;

    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private volatile bool _disposed;

    /// <summary>Makes a store over a connection of the application's own, which is never closed here.</summary>
    /// <param name="multiplexer">It may be connected or not.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RedisSessionStore(IConnectionMultiplexer multiplexer, RedisSessionStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        options = RedisSessionStoreOptions.Valid(options);
        _keys = new RedisKeys(options.KeyPrefix);
        _connection = new RedisConnection(multiplexer, options.Database);
    }

    private RedisSessionStore(ConfigurationOptions configuration, RedisSessionStoreOptions options)
    {
        _keys = new RedisKeys(options.KeyPrefix);
        _connection = new RedisConnection(configuration, options.Database);
    }

    /// <inheritdoc/>
    public SessionStoreTraits Traits => SessionStoreTraits.AtomicTake | SessionStoreTraits.Pipelined;

    /// <summary>
    /// Makes a store with a connection of its own, and returns at once: an application starts while its Redis is away. The
    /// first connection is made in the background, and calls wait for it; one that is lost is tried again every second.
    /// </summary>
    /// <param name="configuration">
    /// As StackExchange.Redis has it: <c>host:port,host:port,user=…,password=…,ssl=true</c>. <c>abortConnect</c> is
    /// taken for false, whatever it says.
    /// </param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">The configuration names no server or cannot be understood, or an option is out
    /// of its range.</exception>
    public static RedisSessionStore Connect(string configuration, RedisSessionStoreOptions? options = null)
    {
        return new RedisSessionStore(RedisConfiguration.Parse(configuration), RedisSessionStoreOptions.Valid(options));
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The server is away, too slow, or refuses.</exception>
    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        await AskAsync(key, static (database, redisKey) => BoundedReads.GetAsync(database, redisKey), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    /// <remarks>A call that ends early, by its token or by a failure, may have removed the record all the same.</remarks>
    /// <exception cref="SessionStoreException">The server is away, too slow, or refuses.</exception>
    public async ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        await AskAsync(
            key, (database, redisKey) => BoundedReads.TakeAsync(database, redisKey, _keys.AsideOf(redisKey)), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">
    /// The server is away, too slow, full, or refuses. Unless it is full or refuses, the record may have been written.
    /// </exception>
    public async ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PutArguments.Check(record, lifetime);

        // A copy: a call that is abandoned may send the command after it has ended, when the record is the caller's again.
        byte[] value = record.ToArray();
        long milliseconds = Math.Clamp((long)lifetime.TotalMilliseconds, 1, MaxMilliseconds);

        // In the server's words: StringSetAsync sends SETEX or PSETEX, and KeyDeleteAsync UNLINK, each a permission more.
        await AskAsync(key, (database, redisKey) => database.ExecuteAsync("SET", redisKey, value, "PX", milliseconds), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The server is away, too slow, or refuses. The record may be there or not.</exception>
    public async ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        await AskAsync(key, static (database, redisKey) => database.ExecuteAsync("DEL", redisKey), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Closes the connection, unless it is the application's; does not wait for calls that are under way, which fail. Calls
    /// made later throw <see cref="ObjectDisposedException"/>.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        return _connection.DisposeAsync();
    }

    private async Task<T> AskAsync<T>(SessionStoreKey key, Func<IDatabase, RedisKey, Task<T>> command, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            IDatabase database = await _connection.ReadyAsync(cancellationToken).ConfigureAwait(false);
            RedisKey redisKey = _keys.Of(key);
            _connection.ThrowIfAway(database, redisKey);
            return await command(database, redisKey).OrAbandonAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception) when (_disposed)
        {
            throw new ObjectDisposedException(nameof(RedisSessionStore));
        }
        catch (Exception exception) when (exception is not SessionStoreException)
        {
            throw RedisFailures.Explain(_connection.Name, exception);
        }
    }
}
