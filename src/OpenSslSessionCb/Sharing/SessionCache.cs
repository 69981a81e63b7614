using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OpenSslSessionCb;

/// <summary>
/// Shares TLS sessions between contexts and, with a store that processes share, between processes: a session made in
/// one resumes in another, on TLS 1.2 and below and on TLS 1.3.
/// </summary>
/// <remarks>
/// Thread-safe. A handshake never fails because of the cache and never waits for it longer than
/// <see cref="SessionCacheSettings.LookupDeadline"/>: when the store is slow, dead or lying, the client gets a full handshake.
/// </remarks>
public sealed class SessionCache : IAsyncDisposable
{
    internal const int MaxPipelinedWrites = 64;
    private static readonly TimeSpan s_warmUpTime = TimeSpan.FromSeconds(2);

    private readonly ISessionStore _store;
    private readonly SessionCacheOptions _options;
    private readonly ILogger _logger;
    private readonly SessionCacheCounters _counters = new();
    private readonly NearCache _near;
    private readonly StoreLookups _lookups;
    private readonly StoreFailureLog _storeFailures;
    private readonly WriteQueue _writes;
    private readonly SessionPipeline _pipeline;
    private readonly SessionCacheMeter _meter;
    private readonly AttachedContexts _contexts = new();
    private readonly ServerNameEnds _names = new();
    private ProcessAttachment? _process;
    private bool _disposed;

    /// <summary>Makes a cache over a store.</summary>
    /// <param name="store">Disposed of with the cache, unless <see cref="SessionCacheOptions.LeaveStoreOpen"/>.</param>
    /// <param name="options">Null: the defaults, which do for an in-process store.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a key ring is needed and missing.</exception>
    /// <exception cref="OpenSslNotSupportedException">No libssl, or one below 1.1.1.</exception>
    public SessionCache(ISessionStore store, SessionCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = (options ?? new SessionCacheOptions()).CheckedCopy(store);
        _ = OpenSslLibrary.Version;
        _logger = _options.LoggerFactory?.CreateLogger<SessionCache>() ?? (ILogger)NullLogger.Instance;
        _storeFailures = new StoreFailureLog(_logger, _counters);
        _near = new NearCache(_options.NearCacheCapacity, _options.KeyRing);
        var farm = new FarmName(_options.Farm);
        var records = new RecordCodec(new RecordSealer(_options.KeyRing, farm), _options.TimeProvider);
        var listener = new CacheListener(_logger, _storeFailures);
        _lookups = new StoreLookups(store, _options, listener);
        _writes = new WriteQueue(
            _options.WriteQueueCapacity,
            new SessionWriter(store, records, _options.TimeProvider, _counters, _storeFailures).WriteAsync,
            store.Traits.HasFlag(SessionStoreTraits.Pipelined) ? MaxPipelinedWrites : 1);
        _pipeline = new SessionPipeline(_options, _counters, _near, _lookups, _writes, records, farm);
        Ahead = new AheadLookups(_pipeline, _lookups, _storeFailures);
        listener.Meter = _meter = new SessionCacheMeter(_options, _counters, () => _writes.Count, () => _near.Count,
            () => _lookups.IsBreakerOpen);
    }

    /// <summary>What the cache has done so far.</summary>
    public SessionCacheStatistics Statistics => _counters.Read(_writes.Count, _near.Count, _contexts.FailureCount, _lookups.IsBreakerOpen);

    /// <summary>Lookups before libssl asks.</summary>
    internal AheadLookups Ahead { get; }

    /// <summary>Attaches the cache to a context: its server connections share their sessions from then on.</summary>
    /// <remarks>
    /// Attach when certificate, client CAs and verification are set up, and before the first connection: the session id
    /// context is computed from them (see <see cref="ManagedSettings"/>). Attach every context that SNI may switch to, and say so
    /// with <see cref="SessionCacheAttachOptions.ChangesAfterHello"/>.
    /// </remarks>
    /// <param name="sslCtx">An <c>SSL_CTX*</c>, the caller's. It is never freed here, and its lifetime is not prolonged.</param>
    /// <param name="options">Null: handshakes are not suspended, and connections end where they begin.</param>
    /// <returns>Disposing of it detaches, and puts back what can be read back.</returns>
    /// <exception cref="ArgumentNullException">A null pointer.</exception>
    /// <exception cref="InvalidOperationException">The context has a handler already, or allows early data.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed of.</exception>
    public SessionCacheAttachment Attach(nint sslCtx, SessionCacheAttachOptions? options = null)
    {
        options ??= new SessionCacheAttachOptions();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (sslCtx == 0)
        {
            throw new ArgumentNullException(nameof(sslCtx), "The SSL_CTX pointer is null.");
        }

        EarlyData.ThrowIfAllowed(sslCtx);
        // The callbacks first: if another handler is attached, this throws before any setting of that one is touched.
        ContextSettings? settings = null;
        AttachedContext handler = MakeHandler(sslCtx, options);
        SessionAttachment callbacks = SessionCallbacks.Attach(sslCtx, handler, new SessionAttachOptions
        {
            Chain = _options.Chain,
            Logger = _logger,
            Detaching = ctx => settings?.PutBack(ctx),
        });
        try
        {
            settings = ContextSettings.Apply(sslCtx, _options, handler.IsolationContext);
        }
        catch
        {
            callbacks.Dispose();
            throw;
        }

        if (options.LookAhead)
        {
            HandshakeLookAhead.SetCallback(sslCtx);
        }

        var attachment = new SessionCacheAttachment(Ahead, callbacks, handler.IsolationContext);
        _contexts.Add(attachment);
        return attachment;
    }

    /// <summary>Attaches the cache to a context that a SafeHandle of the caller's owns. The handle is used during this call only.</summary>
    /// <inheritdoc cref="Attach(nint, SessionCacheAttachOptions?)"/>
    public SessionCacheAttachment Attach(SafeHandle sslCtx, SessionCacheAttachOptions? options = null) =>
        SafeContext.Use(sslCtx, pointer => Attach(pointer, options));

    /// <summary>
    /// Attaches the cache to this process: every server context made from now on shares its sessions, SslStream's and Kestrel's too.
    /// </summary>
    /// <remarks>
    /// Call it at start, before the first server is made: contexts that exist already are not seen. No private part of .NET is
    /// touched. libssl reports every new context, and each of its connections is put right in the ClientHello callback; a host that
    /// sets a ClientHello callback of its own keeps its context to itself. See docs/sslstream.md.
    /// </remarks>
    /// <param name="options">Null: every server context takes part.</param>
    /// <returns>Disposing of it detaches.</returns>
    /// <exception cref="PlatformNotSupportedException">SslStream is not OpenSSL on this system, and
    /// <see cref="ProcessAttachOptions.RequireSslStream"/> is set.</exception>
    /// <exception cref="InvalidOperationException">A cache is attached to this process already, or another libssl than
    /// SslStream's is bound and SslStream is required.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed of.</exception>
    public ProcessAttachment AttachToProcess(ProcessAttachOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        options ??= new ProcessAttachOptions();
        if (options.RequireSslStream)
        {
            SslStreamLibSsl.Share();
        }

        KnownIntermediates? known = options.ClientIntermediates.Count > 0 ? new(options.ClientIntermediates) : null;
        var attachment = new ProcessAttachment(new HostedContextFactory(_pipeline, _options, _logger, known), options);
        ProcessHook.Begin(attachment);
        _process = attachment;
        return attachment;
    }

    /// <summary>
    /// Attaches the cache to a process whose contexts somebody else watches, who calls
    /// <see cref="ProcessAttachment.OnClientHello"/>, and, after the host's own callback for the server name,
    /// <see cref="ProcessAttachment.OnServerName"/>.
    /// </summary>
    internal ProcessAttachment AttachToWatchedProcess()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _process = new ProcessAttachment(new HostedContextFactory(_pipeline, _options, _logger),
            new ProcessAttachOptions { ReplacesHostCallbacks = true, ChangesAfterHello = true });
    }

    /// <summary>
    /// Goes once through what a lookup needs, the store's connection too, so that the first clients do not wait for the JIT and for
    /// a network: a process that has just started is slow enough to miss the deadline. Optional; asks the store for one random key.
    /// </summary>
    /// <remarks>
    /// Call it before the first connection; AddOpenSslSessionCache does. Never throws, and ends within two seconds, whatever the
    /// store does. Statistics do not show it.
    /// </remarks>
    public Task WarmUpAsync() => Task.WhenAny(Task.Run(() => _pipeline.WarmUpAsync(_store)), Task.Delay(s_warmUpTime));

    /// <summary>
    /// Forgets a session, here and in the store, wherever in the farm it was made: for a host that knows that a
    /// session must not be resumed (libssl cannot tell its reasons). The store is told by the write queue; another process that has
    /// the session at hand goes on resuming it for <see cref="SessionCacheSettings.NearCacheLifetime"/> at most.
    /// </summary>
    /// <param name="id">The session's id.</param>
    public void Remove(SslSessionId id)
    {
        _counters.RemovedByHost.Increment();
        _pipeline.Remove(id);
    }

    /// <summary>The host has done something with a session, which may be one of this cache's.</summary>
    internal void ForgetIfKnown(SslSessionId id, bool isOnlyNoted) => _pipeline.ForgetIfKnown(id, isOnlyNoted);

    private unsafe AttachedContext MakeHandler(nint sslCtx, SessionCacheAttachOptions options) =>
        new(Ahead, _pipeline, _options, (Interop.SSL_CTX*)sslCtx, _names, options.ChangesAfterHello);

    /// <summary>
    /// Detaches from every context, writes what is queued (for <see cref="SessionCacheSettings.FlushTimeout"/> at most),
    /// and disposes of the store. Handshakes may be in flight.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        Ahead.Stop();
        _process?.Dispose();
        _contexts.DetachAll();
        int givenUp = await _writes.CloseAsync(_options.FlushTimeout).ConfigureAwait(false);
        _writes.Dispose();
        _counters.Dropped.Add(givenUp);
        _lookups.Dispose();
        _meter.Dispose();
        _near.Dispose();
        if (!_options.LeaveStoreOpen)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
