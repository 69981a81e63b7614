using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A borrowed connection (<c>SSL</c>): valid until the callback that it was given to returns.</summary>
public readonly unsafe ref struct SslRef
{
    private readonly SSL* _pointer;

    internal SslRef(SSL* ssl) => _pointer = ssl;

    internal SSL* Pointer =>
        _pointer is not null
            ? _pointer
            : throw new InvalidOperationException("This SslRef was not given to a callback: it borrows nothing.");

    /// <summary>The raw <c>SSL*</c>. Borrowed.</summary>
    public nint DangerousGetHandle() => (nint)Pointer;

    /// <summary>The protocol version. In the get callback it is known already.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_get_version/"/>
    public TlsProtocolVersion ProtocolVersion => (TlsProtocolVersion)LibSsl.SSL_version(Pointer);

    /// <summary>Whether this handshake resumed a session.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_session_reused/"/>
    public bool IsResumed => LibSsl.SSL_session_reused(Pointer) == 1;

    /// <summary>Whether TLS 1.3 tickets of this connection are ids for which libssl will ask a cache.</summary>
    internal bool HasStatefulTickets
    {
        get
        {
            ulong options = LibSsl.SSL_get_options(Pointer);
            bool guardsAgainstReplay = (options & LibSsl.SSL_OP_NO_ANTI_REPLAY) == 0 && LibSsl.SSL_get_max_early_data(Pointer) > 0;
            return (options & LibSsl.SSL_OP_NO_TICKET) != 0 || guardsAgainstReplay;
        }
    }
}
