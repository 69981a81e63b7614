namespace OpenSslSessionCb.Tests;

internal delegate void NewStub(SslRef ssl, SslSessionRef session);

internal delegate SessionReply GetStub(SslRef ssl, SslSessionId id);

internal delegate void RemoveStub(SslSessionRef session, SessionRemoveReason reason);

/// <summary>Counts what reaches it, and does what the test says.</summary>
internal sealed class StubHandler : ISessionHandler
{
    private int _new;
    private int _get;
    private int _remove;

    public NewStub? OnNewDo { get; set; }

    public GetStub? OnGetDo { get; set; }

    public RemoveStub? OnRemoveDo { get; set; }

    public int NewCount => Volatile.Read(ref _new);

    public int GetCount => Volatile.Read(ref _get);

    public int RemoveCount => Volatile.Read(ref _remove);

    public List<SessionRemoveReason> Reasons { get; } = [];

    public void OnNew(SslRef ssl, SslSessionRef session)
    {
        Interlocked.Increment(ref _new);
        OnNewDo?.Invoke(ssl, session);
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id)
    {
        Interlocked.Increment(ref _get);
        return OnGetDo is null ? SessionReply.NotFound : OnGetDo(ssl, id);
    }

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        Interlocked.Increment(ref _remove);
        lock (Reasons)
        {
            Reasons.Add(reason);
        }

        OnRemoveDo?.Invoke(session, reason);
    }
}
