using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// A cache attached to the whole process: every server context that is made from now on shares its sessions, whoever makes
/// it, SslStream and Kestrel among them. Disposing of it detaches.
/// </summary>
/// <remarks>
/// Client contexts, and contexts made before, are left exactly as they are. Any thread. After <see cref="Dispose"/>
/// contexts made later are left alone, and those that share stop; handshakes may be in flight.
/// </remarks>
public sealed unsafe class ProcessAttachment : IDisposable
{
    private readonly HostedContextFactory _factory;
    private readonly ProcessAttachOptions _options;
    private readonly ConcurrentDictionary<HostedContext, byte> _hosted = new();
    private long _contextsMade;
    private long _failures;
    private volatile Exception? _lastFailure;
    private volatile bool _disposed;

    internal ProcessAttachment(HostedContextFactory factory, ProcessAttachOptions options)
    {
        _factory = factory;
        _options = options;
    }

    /// <summary>How many contexts, of clients and servers, were made since.</summary>
    public long ContextsMade => Volatile.Read(ref _contextsMade);

    /// <summary>
    /// The server contexts alive that have seen a ClientHello, and what was decided about each. Empty after <see cref="Dispose"/>.
    /// </summary>
    public IReadOnlyList<ProcessContext> Contexts => [.. _hosted.Keys.Select(static hosted => hosted.Description)];

    /// <summary>How many times looking at a connection failed. Each went on without sharing, and nothing worse.</summary>
    public long FailureCount => Volatile.Read(ref _failures);

    /// <summary>The last such failure.</summary>
    public Exception? LastFailure => _lastFailure;

    /// <summary>Detaches. What of the contexts' settings can be read back is put back.</summary>
    public void Dispose()
    {
        _disposed = true;
        ProcessHook.End(this);
        foreach (HostedContext hosted in _hosted.Keys)
        {
            hosted.Dispose();
        }

        _hosted.Clear();
    }

    internal void CountContext() => Interlocked.Increment(ref _contextsMade);

    internal void Fail(Exception exception)
    {
        _lastFailure = exception;
        Interlocked.Increment(ref _failures);
    }

    /// <param name="ssl">In its ClientHello callback.</param>
    /// <param name="bornFrom">
    /// The context that the callback was taken from: libssl takes the session callbacks from it, too. The one that the connection
    /// was made from, unless the host has moved it before its first byte. Since the callback began
    /// the host may have moved it again.
    /// </param>
    internal void OnClientHello(SSL* ssl, SSL_CTX* bornFrom)
    {
        CallbackState state = FindOrHangState(bornFrom);
        HostedContext hosted = Decided(state) ?? Decide(ssl, bornFrom, state);
        if (hosted.Description.Decision == ProcessContextDecision.Shares && !_disposed)
        {
            hosted.Prepare(ssl, bornFrom);
        }
    }

    /// <summary>After the host's callback for the server name. False: the handshake must end here.</summary>
    internal static bool OnServerName(SSL* ssl)
    {
        if (ConnectionSlot.IsForgotten(ssl))
        {
            return !IsInDoubt(ssl);
        }

        return ConnectionSlot.Get(ssl)?.State?.Decided is not HostedContext hosted || hosted.FollowServerName(ssl);
    }

    /// <summary>Of what is not known any more: whether somebody may have got past the check of a client certificate.</summary>
    internal static bool IsInDoubt(SSL* ssl) =>
        LibSsl.SSL_session_reused(ssl) == 1 && IsolationContext.VerifiesClients(LibSsl.SSL_get_verify_mode(ssl));

    private static CallbackState FindOrHangState(SSL_CTX* ctx)
    {
        if (CallbackState.Find(ctx) is { } found)
        {
            return found;
        }

        lock (ContextSlot.AttachGate)
        {
            return CallbackState.FindOrHang(ctx);
        }
    }

    private HostedContext Decide(SSL* ssl, SSL_CTX* bornFrom, CallbackState state)
    {
        // First hellos of one context at once: one decides, the others wait for it. The filter runs here, once for each context.
        lock (state.Deciding)
        {
            if (Decided(state) is { } decided)
            {
                return decided;
            }

            HostedContext hosted = _factory.Make(ssl, bornFrom, state, _options, this);
            _hosted.TryAdd(hosted, 0);
            state.Decided = hosted;
            return hosted;
        }
    }

    /// <summary>What was decided about the context by this attachment; an earlier one's word does not count any more.</summary>
    private HostedContext? Decided(CallbackState state) => state.Decided is HostedContext hosted && hosted.Owner == this ? hosted : null;

    internal void Forget(HostedContext hosted) => _hosted.TryRemove(hosted, out _);
}
