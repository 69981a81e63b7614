using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>
/// The session cache of this process, as the host runs it: made and attached before the first server starts, flushed and disposed of
/// after the last one has stopped. Ask for it as a service.
/// </summary>
public sealed class HostedSessionCache : IAsyncDisposable, IDisposable
{
    private readonly SessionCacheStarter _starter;
    private IDisposable? _reloader;
    private SessionKeyRing? _keyRing;
    private bool _disposed;

    internal HostedSessionCache(SessionCacheStarter starter) => _starter = starter;

    /// <summary>The cache. Null before the host starts, and where SslStream is not OpenSSL (Windows, macOS).</summary>
    public SessionCache? Cache { get; private set; }

    /// <summary>Which contexts of the process share, and why others do not. Null when <see cref="Cache"/> is.</summary>
    public ProcessAttachment? Attachment { get; private set; }

    /// <summary>Detaches, writes what is queued, and disposes of the store. The host does this when it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _reloader?.Dispose();
        if (Cache is { } cache)
        {
            await cache.DisposeAsync().ConfigureAwait(false);
        }

        // Sealing needs it until the last write.
        _keyRing?.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "A container that is disposed synchronously has no other way, and the last writes have a time limit.")]
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal async Task StartAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Cache is not null || !_starter.CanShare())
        {
            return;
        }

        // First of all: the key ring and the cache would bind the newest libssl of the machine, which may not be .NET's.
        OpenSslLibrary.UseSslStreamLibrary();
        ISessionStore store = _starter.MakeStore();
        try
        {
            _keyRing = _starter.OpenKeyRing(store);
            Cache = _starter.MakeCache(store, _keyRing);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Attachment = _starter.Attach(Cache);
        _reloader = _starter.WatchKeyFile(_keyRing);
        await Cache.WarmUpAsync().ConfigureAwait(false);
    }
}
