using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A server context of somebody else's in this process: what was decided about it, and, if it shares, its handler.</summary>
/// <remarks>
/// Its host may change the certificate or the verification from connection to connection (SslStream sets the latter on the
/// SSL and not on the context), so each connection is put right by itself, and remembers where it belongs in a
/// <see cref="ConnectionSlot"/>.
/// </remarks>
internal sealed unsafe class HostedContext : ISessionHandler, ISessionIdMaker, IDisposable
{
    private readonly SessionPipeline _pipeline;
    private readonly SessionCacheOptions _options;
    private readonly ConnectionScopes _scopes;
    private readonly ServerNameScopes? _names;
    private SessionAttachment? _attachment;
    private long _cacheMode;

    internal HostedContext(SessionPipeline pipeline, SessionCacheOptions options,
        AttachedContexts contexts, ProcessContext description, ProcessAttachment owner, bool followsServerNames)
    {
        _pipeline = pipeline;
        _options = options;
        _scopes = new ConnectionScopes(options, contexts);
        Owner = owner;
        _names = followsServerNames ? new ServerNameScopes() : null;
        Description = description;
    }

    internal ProcessContext Description { get; }

    internal ProcessAttachment Owner { get; }

    internal void Attach(SSL_CTX* ctx, CallbackState state, ILogger logger)
    {
        _scopes.State = state;
        _cacheMode = LibSsl.SSL_CTX_get_session_cache_mode(ctx);
        _attachment = SessionCallbacks.Attach((nint)ctx, this, new SessionAttachOptions
        {
            // There is nothing to chain to, or it is to be replaced; it is put back in the end.
            Chain = false,
            Logger = logger,
            Detaching = PutBack,
        });
        if (_options.Manage.HasFlag(ManagedSettings.CacheMode))
        {
            LibSsl.SSL_CTX_set_session_cache_mode(ctx, (int)_cacheMode | LibSsl.SSL_SESS_CACHE_SERVER | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
        }
    }

    /// <summary>Puts a connection right, in its ClientHello callback: libssl has read the hello, and decided nothing yet.</summary>
    internal void Prepare(SSL* ssl)
    {
        ConnectionScope begins = _scopes.Of(ssl, LibSsl.SSL_get_certificate(ssl));
        ConnectionScope? ends = _names is null ? begins : _names.Find(begins, ClientHelloHostName.Find(new SslRef(ssl)));
        PutRight(ssl, ends ?? begins, isSure: ends is not null);
    }

    /// <summary>
    /// The host has had its say about the server name: it may have switched contexts, and taken the new one's options (nginx does).
    /// Whether a session is resumed is decided by now. False: it must not go on.
    /// </summary>
    internal bool FollowServerName(SSL* ssl)
    {
        if (_names is null || ConnectionSlot.Get(ssl, out bool isSure) is not { } scope)
        {
            return true;
        }

        ConnectionScope now = _scopes.Of(ssl, LibSsl.SSL_get_certificate(ssl));
        if (!isSure)
        {
            _names.Learn(scope, ServerName(ssl), now);
        }
        else if (now != scope)
        {
            _names.Forget();
        }

        bool isResumed = LibSsl.SSL_session_reused(ssl) == 1;
        PutRight(ssl, now, isSure: true);
        if (now != scope && !isResumed && !now.IsOff)
        {
            MoveNewSession(ssl, now);
        }

        // The name leads elsewhere than a moment ago: nobody gets past the check of a client certificate by that.
        return now == scope || !isResumed || now.VerifyMode == LibSsl.SSL_VERIFY_NONE;
    }

    private void PutRight(SSL* ssl, ConnectionScope scope, bool isSure)
    {
        using ErrorMark mark = ErrorMark.Set();
        ConnectionSlot.Set(ssl, scope, isSure, mark);
        if (scope.IsOff)
        {
            return;
        }

        // Not HasFlag: as long as this is not optimized, it allocates.
        if ((_options.Manage & ManagedSettings.SessionIdContext) != 0)
        {
            fixed (byte* bytes = scope.IsolationContext)
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_set_session_id_context(ssl, bytes, (uint)scope.IsolationContext.Length), mark);
            }
        }

        if ((_options.Manage & ManagedSettings.Stateful) != 0)
        {
            LibSsl.SSL_set_options(ssl, LibSsl.SSL_OP_NO_TICKET);
        }

        if ((_options.Manage & ManagedSettings.Tickets) != 0)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_set_num_tickets(ssl, (nuint)_options.Tickets), mark);
        }

        if (_options.MakesSessionIds)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_set_generate_session_id(ssl, SessionIdTrampoline.Function), mark);
        }
    }

    public void OnNew(SslRef ssl, SslSessionRef session)
    {
        if (ConnectionSlot.Get(ssl.Pointer, out bool isSure) is { IsOff: false } scope && (_names is null || HasStayed(ssl, scope, isSure)))
        {
            _pipeline.Keep(ssl, session, scope.IsolationContext);
        }
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id) =>
        ConnectionSlot.Get(ssl.Pointer, out bool isSure) is { IsOff: false } scope && isSure
            ? SessionReply.Own(_pipeline.Find(ssl, id, scope.IsolationContext))
            : SessionReply.NotFound;

    public bool TryMakeId(SslRef ssl, Span<byte> id) =>
        ConnectionSlot.Get(ssl.Pointer) is { IsOff: false } scope && _pipeline.TryMakeId(id, scope.IsolationContext);

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        if (reason != SessionRemoveReason.FatalAlert)
        {
            return;
        }

        // No connection is told here, so not its scope either; in most cases there is one.
        foreach (ConnectionScope scope in _scopes.All)
        {
            _pipeline.RemoveAfterAlert(session.Id, scope.IsolationContext);
        }
    }

    /// <summary>Detaches. Connections that are open find no scope from now on, and go on without the cache.</summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        _names?.Forget();
        _scopes.Clear();
    }

    /// <summary>libssl has freed the context, after the last callback; whether it shared or not.</summary>
    internal void ContextFreed()
    {
        Dispose();
        Owner.Forget(this);
    }

    /// <summary>Whether a new session belongs where its connection did when its id was made.</summary>
    private bool HasStayed(SslRef ssl, ConnectionScope scope, bool isSure)
    {
        SSL_CTX* context = LibSsl.SSL_get_SSL_CTX(ssl.Pointer);
        bool hasStayed = (nint)context == scope.Context && LibSsl.SSL_get_verify_mode(ssl.Pointer) == scope.VerifyMode;
        if (!isSure)
        {
            // No callback for the server name, or one that nobody has told us of. By now libssl has chosen among the
            // certificates: not the connection's, the context's.
            _names!.Learn(
                scope, ServerName(ssl.Pointer), hasStayed ? scope : _scopes.Of(ssl.Pointer, LibSsl.SSL_CTX_get0_certificate(context)));
        }

        return hasStayed;
    }

    /// <summary>Once libssl has read the extension: what is left of it in the ClientHello then is nothing.</summary>
    private static ReadOnlySpan<byte> ServerName(SSL* ssl) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(LibSsl.SSL_get_servername(ssl, LibSsl.TLSEXT_NAMETYPE_host_name));

    /// <summary>
    /// A session that libssl has begun, and not told the client of yet: it is made over to where the connection has moved.
    /// </summary>
    private void MoveNewSession(SSL* ssl, ConnectionScope scope)
    {
        SSL_SESSION* session = LibSsl.SSL_get_session(ssl);
        if (session is null)
        {
            return;
        }

        using ErrorMark mark = ErrorMark.Set();
        if (_options.Manage.HasFlag(ManagedSettings.SessionIdContext))
        {
            fixed (byte* bytes = scope.IsolationContext)
            {
                OpenSslException.ThrowIfFailed(
                    LibSsl.SSL_SESSION_set1_id_context(session, bytes, (uint)scope.IsolationContext.Length), mark);
            }
        }

        // In TLS 1.3 the ids are made later, with the tickets.
        byte* id = stackalloc byte[SslSessionId.MaxLength];
        uint length;
        _ = LibSsl.SSL_SESSION_get_id(session, &length);
        if (_options.MakesSessionIds && _pipeline.TryMakeId(new Span<byte>(id, (int)length), scope.IsolationContext))
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_SESSION_set1_id(session, id, length), mark);
        }
    }

    private void PutBack(nint sslCtx)
    {
        if (_options.Manage.HasFlag(ManagedSettings.CacheMode))
        {
            LibSsl.SSL_CTX_set_session_cache_mode((SSL_CTX*)sslCtx, (int)_cacheMode);
        }
    }
}
