using Microsoft.Extensions.Logging;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A server context of somebody else's in this process: what was decided about it, and, if it shares, its handler.</summary>
/// <remarks>
/// Its host may change the certificate or the verification from connection to connection (SslStream sets the latter on the
/// SSL and not on the context), so each connection is put right by itself, and remembers where it stands in a
/// <see cref="ConnectionSlot"/>.
/// </remarks>
internal sealed unsafe class HostedContext : ISessionHandler, ISessionIdMaker, IDecidedContext, IDisposable
{
    private readonly SessionPipeline _pipeline;
    private readonly SessionCacheOptions _options;
    private readonly ConnectionPlaces _places;
    private readonly ServerNamePlaces? _names;
    private readonly ServerNameCiphers? _ciphers;
    private SessionAttachment? _attachment;
    private long _cacheMode;

    internal HostedContext(SessionPipeline pipeline, SessionCacheOptions options,
        ProcessContext description, ProcessAttachment owner, bool changesAfterHello, KnownIntermediates? known)
    {
        _pipeline = pipeline;
        _options = options;
        _places = new ConnectionPlaces(options, known);
        Owner = owner;
        _names = changesAfterHello ? new ServerNamePlaces() : null;
        _ciphers = changesAfterHello ? new ServerNameCiphers() : null;
        Description = description;
    }

    internal ProcessContext Description { get; }

    internal ProcessAttachment Owner { get; }

    internal void Attach(SSL_CTX* ctx, CallbackState state, ILogger logger)
    {
        _places.State = state;
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
    /// <param name="ssl">The connection.</param>
    /// <param name="bornFrom">The context that its callbacks are taken from.</param>
    internal void Prepare(SSL* ssl, SSL_CTX* bornFrom)
    {
        // A renegotiation comes here again; if something fails now, what was remembered does not hold.
        ConnectionSlot.Clear(ssl);
        // A host that had no cache, and gives this connection no ticket either, wants no resumption. (So do we, later on.)
        if ((_cacheMode & LibSsl.SSL_SESS_CACHE_SERVER) == 0 && (LibSsl.SSL_get_options(ssl) & LibSsl.SSL_OP_NO_TICKET) != 0)
        {
            return;
        }

        if ((_options.Manage & ManagedSettings.CacheMode) != 0)
        {
            InternalCache.KeepOff(bornFrom);
        }

        ConnectionPlace begins = _places.Of(ssl, LibSsl.SSL_get_certificate(ssl));
        ConnectionPlace? ends = _names is null || AllStays(ssl, bornFrom)
            ? begins
            : _names.Find(begins, ClientHelloHostName.Find(new SslRef(ssl)));
        PutRight(ssl, ends ?? begins);
        ConnectionSlot.Set(ssl, ends ?? begins, isSure: ends is not null);
        if ((ends ?? begins).IsJudgedByDotNet)
        {
            ConnectionVerdicts.Begin(ssl, _pipeline);
        }
    }

    /// <summary>
    /// The host has had its say about the server name: it may have switched contexts, and taken the new one's options (nginx does).
    /// Whether a session is resumed is decided by now. False: it must not go on.
    /// </summary>
    internal bool FollowServerName(SSL* ssl)
    {
        if (_names is null || ConnectionSlot.Get(ssl, out bool isSure) is not { } place)
        {
            return true;
        }

        _ciphers?.Learn(ssl);

        // Where the host chooses the certificate later, it is the one of earlier connections, if there were any.
        bool isChosenLater = ChoosesLater(ssl);
        ConnectionPlace now = _places.Of(
            ssl, isChosenLater && isSure ? place.Certificate : LibSsl.SSL_get_certificate(ssl));
        PutRight(ssl, now);
        if (isChosenLater && !isSure)
        {
            // Learnt when its session is announced.
            return true;
        }

        if (!isSure)
        {
            _names.Learn(place, ClientHelloHostName.Accepted(ssl), now);
        }
        else if (now != place)
        {
            _names.Forget();
        }

        bool isResumed = LibSsl.SSL_session_reused(ssl) == 1;
        ConnectionSlot.Set(ssl, now, isSure: true);
        if (now != place && !isResumed && !now.IsOff)
        {
            MoveNewSession(ssl, now);
        }

        // The name leads elsewhere than a moment ago: nobody gets past the check of a client certificate by that.
        bool isAsPredicted = now == place
            && (now.Demand is null || (now.Demand.IsMemorableOn(ssl, isHere: true) && !now.Demand.AsksHost));
        return !isResumed || !now.VerifiesClients || isAsPredicted || _pipeline.IsClientAccepted(new SslRef(ssl), now);
    }

    public void OnNew(SslRef ssl, SslSessionRef session)
    {
        if (ConnectionSlot.Get(ssl.Pointer, out bool isSure) is not { IsOff: false } place)
        {
            return;
        }

        ConnectionPlace now = _places.Of(ssl.Pointer, ShownCertificate(ssl.Pointer, place, isSure));
        if (_names is not null && !isSure)
        {
            _names.Learn(place, ClientHelloHostName.Accepted(ssl.Pointer), now);
        }
        else if (now != place)
        {
            _names?.Forget();
        }

        if (!ssl.IsResumed)
        {
            // Here too: nobody may have told of the host's say about the server name.
            _ciphers?.Learn(ssl.Pointer);
        }

        // Moved after a resumption, or where nothing moves: the client was asked for its certificate later on. Whose answer the
        // session has is not known, or is no business of those who ask for none. Moved, and we were not told: nor would we be when
        // it is resumed.
        bool isTold = isSure || ChoosesLater(ssl.Pointer);
        if (now.IsOff || (now != place && (_names is null || ssl.IsResumed || !isTold)))
        {
            _pipeline.DoNotKeep();
            return;
        }

        if (_pipeline.Keep(ssl, session, now) && now.IsJudgedByDotNet)
        {
            ConnectionVerdicts.Of(ssl.Pointer)?.Announces(session.Id);
        }
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id)
    {
        if (ConnectionSlot.Get(ssl.Pointer, out bool isSure) is not { IsOff: false } place || !isSure)
        {
            return SessionReply.NotFound;
        }

        bool isHere = !place.VerifiesClients || _places.Of(ssl.Pointer, LibSsl.SSL_get_certificate(ssl.Pointer)).Setup == place.Setup;
        CipherList? ciphers = ssl.ProtocolVersion < TlsProtocolVersion.Tls13 ? _ciphers?.Find(ssl) : null;
        nint found = _pipeline.Find(ssl, id, new ConnectionEnd(place, isHere, ciphers));
        if (found != 0 && place.IsJudgedByDotNet)
        {
            ConnectionVerdicts.Of(ssl.Pointer)?.GivesOut(id);
        }

        return SessionReply.Own(found);
    }

    public bool TryMakeId(SslRef ssl, Span<byte> id) =>
        ConnectionSlot.Get(ssl.Pointer) is { IsOff: false } && _pipeline.TryMakeId(id);

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        if (reason == SessionRemoveReason.FatalAlert)
        {
            _pipeline.RemoveAfterAlert(session.Id);
        }
    }

    /// <summary>Detaches. Connections that are open find no place from now on, and go on without the cache.</summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        _names?.Forget();
        _ciphers?.Forget();
        _places.Clear();
    }

    /// <summary>libssl has freed the context, after the last callback; whether it shared or not.</summary>
    public void ContextFreed()
    {
        Dispose();
        Owner.Forget(this);
    }

    private void PutRight(SSL* ssl, ConnectionPlace place)
    {
        using ErrorMark mark = ErrorMark.Set();
        if (place.IsOff)
        {
            return;
        }

        // Not HasFlag: as long as this is not optimized, it allocates.
        if ((_options.Manage & ManagedSettings.SessionIdContext) != 0)
        {
            fixed (byte* bytes = place.IsolationContext)
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_set_session_id_context(ssl, bytes, (uint)place.IsolationContext.Length), mark);
            }
        }

        if ((_options.Manage & ManagedSettings.Stateful) != 0)
        {
            LibSsl.SSL_set_options(ssl, LibSsl.SSL_OP_NO_TICKET);
        }

        // A host that gives out none wants no resumption on TLS 1.3.
        if ((_options.Manage & ManagedSettings.Tickets) != 0 && LibSsl.SSL_get_num_tickets(ssl) != 0)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_set_num_tickets(ssl, (nuint)_options.Tickets), mark);
        }

        if (_options.MakesSessionIds)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_set_generate_session_id(ssl, SessionIdTrampoline.Function), mark);
        }
    }

    /// <summary>Whether a connection ends where it begins: the host has no callback that could move it, or change what it shows.</summary>
    private static bool AllStays(SSL* ssl, SSL_CTX* bornFrom)
    {
        SSL_CTX* context = LibSsl.SSL_get_SSL_CTX(ssl);
        return HostCallbacks.AllStays(bornFrom) && (context == bornFrom || HostCallbacks.AllStays(context));
    }

    private static bool ChoosesLater(SSL* ssl) => HostCallbacks.Has(LibSsl.SSL_get_SSL_CTX(ssl), HostCallback.Certificate);

    /// <summary>The certificate that a connection has shown, whose handshake is done or nearly so.</summary>
    /// <remarks>
    /// libssl has chosen among the certificates that the host gave it, one for each kind of key, and SSL_get_certificate names that
    /// one: it is not what the others of the same set-up are known by.
    /// </remarks>
    private X509* ShownCertificate(SSL* ssl, ConnectionPlace place, bool isSure)
    {
        if (_names is not null && ChoosesLater(ssl))
        {
            return Certificates.FirstOf(ssl);
        }

        SSL_CTX* context = LibSsl.SSL_get_SSL_CTX(ssl);
        return _names is null || isSure || place.State!.IsOf(context)
            ? place.Certificate
            : LibSsl.SSL_CTX_get0_certificate(context);
    }

    /// <summary>The session of a full handshake up to TLS 1.2, which libssl has made as the connection was set up before.</summary>
    private void MoveNewSession(SSL* ssl, ConnectionPlace place)
    {
        SSL_SESSION* session = LibSsl.SSL_get_session(ssl);
        if (session is null || (_options.Manage & ManagedSettings.SessionIdContext) == 0)
        {
            return;
        }

        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* bytes = place.IsolationContext)
        {
            OpenSslException.ThrowIfFailed(
                LibSsl.SSL_SESSION_set1_id_context(session, bytes, (uint)place.IsolationContext.Length), mark);
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
