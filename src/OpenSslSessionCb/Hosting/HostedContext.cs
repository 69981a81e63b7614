using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A server context of somebody else's in this process: what was decided about it, and, if it shares, its handler.</summary>
/// <remarks>
/// Its host may change the certificate or the verification from connection to connection (SslStream sets the latter on the
/// SSL and not on the context), so each connection is put right by itself, and remembers where it belongs in a <see cref="ConnectionSlot"/>.
/// </remarks>
internal sealed unsafe class HostedContext : ISessionHandler, ISessionIdMaker, IDisposable
{
    private readonly SessionPipeline _pipeline;
    private readonly SessionCacheOptions _options;
    private readonly AttachedContexts _contexts;
    private readonly ConcurrentDictionary<(nint Certificate, int VerifyMode), ConnectionScope> _scopes = new();
    private SessionAttachment? _attachment;
    private CallbackState? _state;
    private long _cacheMode;

    internal HostedContext(SessionPipeline pipeline, SessionCacheOptions options, AttachedContexts contexts, ProcessContext description, ProcessAttachment owner)
    {
        _pipeline = pipeline;
        _options = options;
        _contexts = contexts;
        Owner = owner;
        Description = description;
    }

    internal ProcessContext Description { get; }

    internal ProcessAttachment Owner { get; }

    internal void Attach(SSL_CTX* ctx, CallbackState state)
    {
        _state = state;
        _cacheMode = LibSsl.SSL_CTX_get_session_cache_mode(ctx);
        _attachment = SessionCallbacks.Attach((nint)ctx, this, new SessionAttachOptions
        {
            // There is nothing to chain to, or it is to be replaced; it is put back in the end.
            Chain = false,
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
        ConnectionScope scope = ScopeOf(ssl);
        ConnectionSlot.Set(ssl, scope);
        using ErrorMark mark = ErrorMark.Set();
        if (_options.Manage.HasFlag(ManagedSettings.SessionIdContext))
        {
            fixed (byte* bytes = scope.IsolationContext)
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_set_session_id_context(ssl, bytes, (uint)scope.IsolationContext.Length), mark);
            }
        }

        if (_options.Manage.HasFlag(ManagedSettings.Stateful))
        {
            LibSsl.SSL_set_options(ssl, LibSsl.SSL_OP_NO_TICKET);
        }

        if (_options.Manage.HasFlag(ManagedSettings.Tickets))
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
        if (ConnectionSlot.Get(ssl.Pointer) is { } scope)
        {
            _pipeline.Keep(ssl, session, scope.IsolationContext);
        }
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id) =>
        ConnectionSlot.Get(ssl.Pointer) is { } scope ? SessionReply.Own(_pipeline.Find(ssl, id, scope.IsolationContext)) : SessionReply.NotFound;

    public bool TryMakeId(SslRef ssl, Span<byte> id) =>
        ConnectionSlot.Get(ssl.Pointer) is { } scope && _pipeline.TryMakeId(id, scope.IsolationContext);

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        if (reason != SessionRemoveReason.FatalAlert)
        {
            return;
        }

        // No connection is told here, so not its scope either; in most cases there is one.
        foreach (ConnectionScope scope in _scopes.Values)
        {
            _pipeline.RemoveAfterAlert(session.Id, scope.IsolationContext);
        }
    }

    /// <summary>Detaches. Connections that are open find no scope from now on, and go on without the cache.</summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        foreach (ConnectionScope scope in _scopes.Values)
        {
            scope.Dispose();
        }
    }

    /// <summary>libssl has freed the context, after the last callback; whether it shared or not.</summary>
    internal void ContextFreed()
    {
        Dispose();
        Owner.Forget(this);
    }

    private ConnectionScope ScopeOf(SSL* ssl)
    {
        X509* certificate = LibSsl.SSL_get_certificate(ssl);
        int verifyMode = LibSsl.SSL_get_verify_mode(ssl);
        (nint, int) key = ((nint)certificate, verifyMode);
        if (!_scopes.TryGetValue(key, out ConnectionScope? scope))
        {
            byte[] isolationContext = _contexts.Intern(IsolationContext.Compute(certificate, verifyMode, LibSsl.SSL_get_SSL_CTX(ssl), _options.Farm));
            var made = new ConnectionScope(_state!, isolationContext, certificate);
            scope = _scopes.GetOrAdd(key, made);
            if (scope != made)
            {
                made.Dispose();
            }
        }

        return scope;
    }

    private void PutBack(nint sslCtx)
    {
        if (_options.Manage.HasFlag(ManagedSettings.CacheMode))
        {
            LibSsl.SSL_CTX_set_session_cache_mode((SSL_CTX*)sslCtx, (int)_cacheMode);
        }
    }
}
