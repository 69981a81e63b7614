using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace OpenSslSessionCb;

/// <summary>A store over the <see cref="IDistributedCache"/> that an application has already.</summary>
/// <remarks>
/// <para>
/// It cannot take: an <see cref="IDistributedCache"/> has no way to read and remove in one step. Where a ticket must be good
/// for one use only, choose another store.
/// </para>
/// <para>
/// Every member may be called from any thread; whether it blocks is the cache's affair. A call whose cancellation token is
/// set ends then, whatever the cache does. What the cache throws arrives as <see cref="SessionStoreException"/>.
/// </para>
/// <para>
/// An <see cref="IDistributedCache"/> cannot be asked for a part of a value: it may bring all of what lies under a key into this
/// process, however long that is, before the store can refuse it. Where others can write to the cache, choose another store.
/// </para>
/// </remarks>
public sealed class DistributedCacheSessionStore : ISessionStore
{
    // A cache may count in absolute time, which a longer lifetime would overflow.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(36_500);

    private readonly IDistributedCache _cache;
    private readonly IBufferDistributedCache? _buffers;
    private readonly string _keyPrefix;
    private volatile bool _disposed;

    /// <summary>Makes a store over a cache, which stays the application's: it is never disposed of here.</summary>
    /// <param name="cache">Where it offers <see cref="IBufferDistributedCache"/>, that is used.</param>
    /// <param name="keyPrefix">What every key begins with; 64 hex digits come after it. Give all nodes of a farm the same.</param>
    public DistributedCacheSessionStore(IDistributedCache cache, string keyPrefix = "osscb:")
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(keyPrefix);
        _cache = cache;
        _buffers = cache as IBufferDistributedCache;
        _keyPrefix = keyPrefix;
    }

    /// <inheritdoc/>
    public SessionStoreTraits Traits => SessionStoreTraits.Pipelined;

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The cache failed.</exception>
    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        await AskAsync(() => ReadAsync(NameOf(key), cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <summary>Not offered.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("An IDistributedCache cannot read and remove in one step. "
            + "Where a session must be taken, use another store, as RedisSessionStore.");

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The cache failed. The record may have been written.</exception>
    public async ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PutArguments.Check(record, lifetime);

        // A copy: a cache may keep the array that it is given, and a call that is abandoned may send it after it has ended.
        byte[] value = record.ToArray();
        await AskAsync(() => WriteAsync(NameOf(key), value, lifetime, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="SessionStoreException">The cache failed. The record may be there or not.</exception>
    public async ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default) =>
        await AskAsync(() => DropAsync(NameOf(key), cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <summary>Leaves the cache as it is. Calls made later throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    private string NameOf(SessionStoreKey key) => _keyPrefix + key.ToHexString();

    private async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (_buffers is null)
        {
            // A cache in memory hands out the very array that it keeps, and the caller may overwrite what it gets.
            byte[]? kept = await _cache.GetAsync(name, cancellationToken).ConfigureAwait(false);
            return kept?.AsSpan(0, Math.Min(kept.Length, SessionStoreRecord.MaxLength + 1)).ToArray();
        }

        var buffer = new BoundedBufferWriter();
        try
        {
            bool found = await _buffers.TryGetAsync(name, buffer, cancellationToken).ConfigureAwait(false);
            return found || buffer.IsStopped ? buffer.ToRecord() : null;
        }
        catch (Exception) when (buffer.IsStopped)
        {
            return buffer.ToRecord();
        }
    }

    private async Task<bool> WriteAsync(string name, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime < s_longest ? lifetime : s_longest };
        if (_buffers is null)
        {
            await _cache.SetAsync(name, value, options, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _buffers.SetAsync(name, new ReadOnlySequence<byte>(value), options, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<bool> DropAsync(string name, CancellationToken cancellationToken)
    {
        await _cache.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Not every cache heeds the token once a call is under way.
            return await call().OrAbandonAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new SessionStoreException(
                SessionStoreFailure.Unavailable, $"The distributed cache ({_cache.GetType().Name}) failed: {exception.Message}", exception);
        }
    }
}
