using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// A borrowed <c>SSL_SESSION</c>: valid until the callback that it was given to returns. To keep it, <see cref="ToOwned"/>.
/// </summary>
/// <remarks>Use it on the thread it was given to. Nothing here changes the session.</remarks>
public readonly unsafe ref struct SslSessionRef
{
    private readonly SSL_SESSION* _pointer;

    internal SslSessionRef(SSL_SESSION* session) => _pointer = session;

    internal SSL_SESSION* Pointer => _pointer is not null
        ? _pointer
        : throw new InvalidOperationException("This SslSessionRef was not given to a callback: it borrows nothing.");

    /// <summary>The raw <c>SSL_SESSION*</c>, for calls that this library does not wrap. Borrowed.</summary>
    public nint DangerousGetHandle() => (nint)Pointer;

    /// <summary>Takes a reference of its own, for the caller to dispose of.</summary>
    /// <exception cref="OpenSslException">libssl refused another reference.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_free/"/>
    public SslSession ToOwned() => new(SafeSslSessionHandle.Share(Pointer));

    /// <summary>The session id; empty when the client cannot ask for the session.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_id_context/"/>
    public SslSessionId Id => new(IdSpan);

    /// <summary>The session id context, 0 to 32 bytes: where the session may be resumed.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_id_context/"/>
    public ReadOnlySpan<byte> IdContext
    {
        get
        {
            uint length;
            byte* context = LibSsl.SSL_SESSION_get0_id_context(Pointer, &length);
            return new ReadOnlySpan<byte>(context, (int)length);
        }
    }

    /// <summary>When the session was made, or, in TLS 1.3, when this ticket was; in whole seconds.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get_time/"/>
    public DateTimeOffset CreationTime => SslSessionTime.Read(Pointer);

    /// <summary>How long after <see cref="CreationTime"/> libssl resumes it; in whole seconds.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get_time/"/>
    public TimeSpan Timeout => SslSessionTime.ReadTimeout(Pointer);

    /// <summary>The protocol version that the session belongs to.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get_protocol_version/"/>
    public TlsProtocolVersion ProtocolVersion => (TlsProtocolVersion)LibSsl.SSL_SESSION_get_protocol_version(Pointer);

    /// <summary>The cipher's name in OpenSSL's spelling; null when it has none yet.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_cipher/"/>
    public string? CipherName
    {
        get
        {
            SSL_CIPHER* cipher = LibSsl.SSL_SESSION_get0_cipher(Pointer);
            return cipher is null ? null : Marshal.PtrToStringUTF8((nint)LibSsl.SSL_CIPHER_get_name(cipher));
        }
    }

    /// <summary>The ALPN protocol that was selected; empty when none was.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_hostname/"/>
    public ReadOnlySpan<byte> AlpnProtocol
    {
        get
        {
            byte* protocol;
            nuint length;
            LibSsl.SSL_SESSION_get0_alpn_selected(Pointer, &protocol, &length);
            return new ReadOnlySpan<byte>(protocol, (int)length);
        }
    }

    /// <summary>
    /// The host name (SNI), if the server has a servername callback and that accepted it in the full handshake; else null.
    /// </summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_hostname/"/>
    public string? HostName => Marshal.PtrToStringUTF8((nint)LibSsl.SSL_SESSION_get0_hostname(Pointer));

    /// <summary>The peer's certificate in DER, leaf only; null when it sent none. libssl keeps no chain in a session.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_peer/"/>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    public byte[]? ExportPeerCertificate()
    {
        X509* peer = LibSsl.SSL_SESSION_get0_peer(Pointer);
        return peer is null ? null : Certificates.Encode(peer);
    }

    /// <summary>How much early data (0-RTT) a client may send with it, in bytes; 0 is none.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_get_max_early_data/"/>
    public long MaxEarlyData => LibSsl.SSL_SESSION_get_max_early_data(Pointer);

    /// <summary>Whether libssl would resume it.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_is_resumable/"/>
    public bool IsResumable => LibSsl.SSL_SESSION_is_resumable(Pointer) == 1;

    /// <summary>What the application put into the ticket; empty when nothing.</summary>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_session_ticket_cb/"/>
    public ReadOnlySpan<byte> TicketApplicationData
    {
        get
        {
            void* data;
            nuint length;
            return LibSsl.SSL_SESSION_get0_ticket_appdata(Pointer, &data, &length) == 1
                ? new ReadOnlySpan<byte>(data, (int)length)
                : default;
        }
    }

    /// <summary>The DER of the session. It holds the master secret in the clear: seal it before it leaves this process.</summary>
    /// <exception cref="OpenSslException">The session is not complete (it has no cipher).</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/d2i_SSL_SESSION/"/>
    public byte[] ToBytes()
    {
        using ErrorMark mark = ErrorMark.Set();
        int length = SslSessionCodec.Measure(Pointer);
        if (length <= 0)
        {
            throw new OpenSslException("The session cannot be encoded", mark.NewestError);
        }

        var encoded = new byte[length];
        SslSessionCodec.Encode(Pointer, encoded);
        return encoded;
    }

    /// <summary>The id's first 8 hex digits and the version; no secret.</summary>
    public override string ToString() => $"{Id} {ProtocolVersion}";

    internal int MeasureEncoding() => SslSessionCodec.Measure(Pointer);

    internal void Encode(Span<byte> destination) => SslSessionCodec.Encode(Pointer, destination);

    internal ReadOnlySpan<byte> IdSpan
    {
        get
        {
            uint length;
            byte* id = LibSsl.SSL_SESSION_get_id(Pointer, &length);
            return new ReadOnlySpan<byte>(id, (int)length);
        }
    }
}
