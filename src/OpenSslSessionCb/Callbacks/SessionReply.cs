namespace OpenSslSessionCb;

/// <summary>What <see cref="ISessionHandler.OnGet"/> answers, and who owns what afterwards.</summary>
/// <remarks>There is no <c>copy</c> flag: libssl always gets a reference of its own, which it frees.</remarks>
public readonly ref struct SessionReply
{
    private SessionReply(SslSession? session, bool keeps, ReadOnlySpan<byte> encoded)
    {
        Session = session;
        CallerKeeps = keeps;
        Encoded = encoded;
    }

    /// <summary>There is no such session: a full handshake.</summary>
    public static SessionReply NotFound => default;

    internal SslSession? Session { get; }

    internal bool CallerKeeps { get; }

    internal ReadOnlySpan<byte> Encoded { get; }

    /// <summary>libssl's pointer, owned; for the cache's own handler, which builds no <see cref="SslSession"/> on a hit.</summary>
    internal nint Owned { get; private init; }

    /// <summary>This session, now libssl's: the object is disposed of.</summary>
    public static SessionReply Found(SslSession session) => new(NotNull(session), keeps: false, default);

    /// <summary>A copy of this session, made now; the object stays the caller's, and may answer for many connections at once.</summary>
    public static SessionReply CopyOf(SslSession session) => new(NotNull(session), keeps: true, default);

    /// <summary>The session that these bytes hold (<see cref="SslSession.ToBytes"/>); decoded before the callback returns.</summary>
    public static SessionReply Decode(ReadOnlySpan<byte> encoded) => new(null, keeps: false, encoded);

    internal static SessionReply Own(nint session) => new() { Owned = session };

    private static SslSession NotNull(SslSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session;
    }
}
