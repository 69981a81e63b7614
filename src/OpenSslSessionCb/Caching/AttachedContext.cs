namespace OpenSslSessionCb;

/// <summary>The cache's handler for one context: what that context's connections see of the cache.</summary>
internal sealed class AttachedContext(
    SessionCache cache, SessionPipeline pipeline, byte[] isolationContext) : ISessionHandler, ISessionIdMaker
{
    internal SessionCache Cache { get; } = cache;

    public void OnNew(SslRef ssl, SslSessionRef session) => pipeline.Keep(ssl, session, isolationContext);

    public SessionReply OnGet(SslRef ssl, SslSessionId id) => SessionReply.Own(pipeline.Find(ssl, id, isolationContext));

    public bool TryMakeId(SslRef ssl, Span<byte> id) => pipeline.TryMakeId(id, isolationContext);

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        // Evicted here, closed without close_notify, or the context freed: the session is good, and others may have it.
        // Expired: the store knows that by itself.
        if (reason == SessionRemoveReason.FatalAlert)
        {
            pipeline.RemoveAfterAlert(session.Id, isolationContext);
        }
    }
}
