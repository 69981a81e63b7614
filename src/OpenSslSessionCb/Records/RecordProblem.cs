namespace OpenSslSessionCb;

/// <summary>Why a session is not given out. In the order in which it is looked at.</summary>
internal enum RecordProblem
{
    /// <summary>Nothing: it is genuine, alive, and of an encoding that this libssl reads.</summary>
    None,

    /// <summary>Longer than any record of ours: the store may have cut it, so nothing else of it is looked at.</summary>
    TooLong,

    /// <summary>Too short or too long, no magic bytes, or a format that this version does not know.</summary>
    NotARecord,

    /// <summary>Plain where a key ring is configured, or sealed where none is.</summary>
    NotSealed,

    /// <summary>Sealed with a key that the ring does not have: not yet, or no longer, or that of another farm.</summary>
    UnknownKey,

    /// <summary>The tag is wrong: changed, cut, or moved from another store key or isolation context.</summary>
    Forged,

    /// <summary>Genuine, but its time is over.</summary>
    Expired,

    /// <summary>Genuine, but encoded in a way that this libssl cannot read.</summary>
    Unreadable,

    /// <summary>
    /// Genuine, but of another place: another certificate was shown, or clients were verified and are not, or the other way round; or of
    /// those whom the host keeps apart by a session id context, or by a ticket.
    /// </summary>
    OtherScope,

    /// <summary>Genuine, but made under another host name (SNI) than the client asks for now.</summary>
    OtherHostName,

    /// <summary>
    /// Its cipher suite, extended master secret or fragment length is not one that its client and this server would agree on now.
    /// </summary>
    OtherTerms,

    /// <summary>Made without a client certificate, where clients are asked for one.</summary>
    NoClientCertificate,

    /// <summary>
    /// Its client would not be accepted by a full handshake here and now, or not with the same result; or that cannot be asked.
    /// </summary>
    ClientNotAccepted,

    /// <summary>
    /// Its client's certificate hangs by intermediates that SslStream would not have on the resumed connection; see
    /// <see cref="ProcessAttachOptions.ClientIntermediates"/>.
    /// </summary>
    ClientChain,

    /// <summary>It was removed a moment ago: by the host, after an alert, or because SslStream has turned its client away.</summary>
    Removed,

    /// <summary><see cref="SessionCacheOptions.MayResume"/> has said no, or the callback by which a host judges tickets.</summary>
    HostRefused,
}
