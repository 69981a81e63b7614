using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The cache's handler for one context: what that context's connections see of the cache.</summary>
/// <remarks>
/// libssl compares the session id context, which was set from the context as it was when the cache was attached. A connection that
/// its host has set up otherwise (SSL_set_verify) stands elsewhere, and goes on without the cache.
/// </remarks>
internal sealed unsafe class AttachedContext : ISessionHandler, ISessionIdMaker
{
    private static long s_lastNumber;

    private readonly SessionPipeline _pipeline;
    private readonly ConnectionPlaces _places;
    private readonly byte[] _isolationContext;
    private readonly SafeCertificateHandle _certificate;
    private readonly ServerNameEnds _names;
    private readonly nint _number = (nint)Interlocked.Increment(ref s_lastNumber);
    private readonly bool _changesAfterHello;

    internal AttachedContext(AheadLookups ahead, SessionPipeline pipeline, SessionCacheOptions options, SSL_CTX* ctx,
        ServerNameEnds names, bool changesAfterHello)
    {
        _names = names;
        _changesAfterHello = changesAfterHello;
        Ahead = ahead;
        _pipeline = pipeline;
        _places = new ConnectionPlaces(options);
        X509* certificate = LibSsl.SSL_CTX_get0_certificate(ctx);
        _certificate = SafeCertificateHandle.Share(certificate);
        _isolationContext = OpenSslSessionCb.IsolationContext.Compute(certificate, LibSsl.SSL_CTX_get_verify_mode(ctx), options.Farm);
    }

    /// <summary>Of the cache that is attached.</summary>
    internal AheadLookups Ahead { get; }

    internal byte[] IsolationContext => _isolationContext;

    public void OnNew(SslRef ssl, SslSessionRef session)
    {
        ConnectionPlace? place = PlaceOf(ssl);
        if (_changesAfterHello && place is not null && !IsShown(ssl))
        {
            place = null;
        }

        _names.Learn(ssl, place);

        // One that SNI moved here has a session that belongs elsewhere: its session id context was set before the move, and under this
        // context nobody could find it again.
        if (place is not null && (_pipeline.LeavesIdContexts || session.IdContext.SequenceEqual(place.IsolationContext)))
        {
            _pipeline.Keep(ssl, session, place);
        }
        else
        {
            _pipeline.DoNotKeep();
        }
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id) =>
        PlaceOf(ssl) is { } place && (!_changesAfterHello || _names.LeadTo(ssl, _number, place))
            ? SessionReply.Own(_pipeline.Find(ssl, id, new ConnectionEnd(place, IsHere: true)))
            : SessionReply.NotFound;

    public bool TryMakeId(SslRef ssl, Span<byte> id) => _pipeline.TryMakeId(id);

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        // Evicted here, closed without close_notify, or the context freed: the session is good, and others may have it.
        // Expired: the store knows that by itself.
        if (reason == SessionRemoveReason.FatalAlert)
        {
            _pipeline.RemoveAfterAlert(session.Id);
        }
    }

    /// <summary>Whether a connection has shown this context's certificate, and no other.</summary>
    private bool IsShown(SslRef ssl)
    {
        X509* shown = Certificates.FirstOf(ssl.Pointer);
        bool isSame = shown == (X509*)_certificate.DangerousGetHandle()
            || Certificates.Encode(shown).AsSpan().SequenceEqual(Certificates.Encode((X509*)_certificate.DangerousGetHandle()));
        GC.KeepAlive(_certificate);
        return isSame;
    }

    /// <summary>Null: it is not where this context's connections stand.</summary>
    private ConnectionPlace? PlaceOf(SslRef ssl)
    {
        // Held for as long as this handler is.
        ConnectionPlace place = _places.Of(ssl.Pointer, (X509*)_certificate.DangerousGetHandle());
        GC.KeepAlive(_certificate);
        return place.IsolationContext.AsSpan().SequenceEqual(_isolationContext) ? place : null;
    }
}
