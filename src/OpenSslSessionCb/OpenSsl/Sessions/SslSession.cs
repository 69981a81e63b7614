using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>An owned <c>SSL_SESSION</c>: one reference, dropped by <see cref="Dispose"/>.</summary>
/// <remarks>
/// May be used from several threads at once; using it after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>.
/// It may be the very object that a connection is using: give libssl a copy (<see cref="SessionReply.CopyOf"/>) rather than
/// this one when more than one connection may resume it.
/// </remarks>
public sealed unsafe class SslSession : IDisposable
{
    private readonly SafeSslSessionHandle _handle;

    internal SslSession(SafeSslSessionHandle handle) => _handle = handle;

    private delegate T Reader<T>(SslSessionRef session);

    /// <inheritdoc cref="SslSessionRef.Id"/>
    public SslSessionId Id => Read(static session => session.Id);

    /// <inheritdoc cref="SslSessionRef.IdContext"/>
    public byte[] IdContext => Read(static session => session.IdContext.ToArray());

    /// <inheritdoc cref="SslSessionRef.CreationTime"/>
    public DateTimeOffset CreationTime => Read(static session => session.CreationTime);

    /// <inheritdoc cref="SslSessionRef.Timeout"/>
    public TimeSpan Timeout => Read(static session => session.Timeout);

    /// <inheritdoc cref="SslSessionRef.ProtocolVersion"/>
    public TlsProtocolVersion ProtocolVersion => Read(static session => session.ProtocolVersion);

    /// <inheritdoc cref="SslSessionRef.CipherName"/>
    public string? CipherName => Read(static session => session.CipherName);

    /// <inheritdoc cref="SslSessionRef.AlpnProtocol"/>
    public byte[] AlpnProtocol => Read(static session => session.AlpnProtocol.ToArray());

    /// <inheritdoc cref="SslSessionRef.HostName"/>
    public string? HostName => Read(static session => session.HostName);

    /// <inheritdoc cref="SslSessionRef.MaxEarlyData"/>
    public long MaxEarlyData => Read(static session => session.MaxEarlyData);

    /// <inheritdoc cref="SslSessionRef.IsResumable"/>
    public bool IsResumable => Read(static session => session.IsResumable);

    /// <inheritdoc cref="SslSessionRef.TicketApplicationData"/>
    public byte[] TicketApplicationData => Read(static session => session.TicketApplicationData.ToArray());

    /// <summary>Decodes a session and, if given, checks that it is the expected one.</summary>
    /// <param name="encoded">DER as <see cref="ToBytes"/> writes it: at most 65,536 bytes and nothing behind it.</param>
    /// <param name="expectedId">The id that it must have; empty to accept any.</param>
    /// <exception cref="OpenSslException">Too long, not a session, trailing bytes, a cipher this libssl does not know, or another id.
    /// libssl's error queue is left as it was.</exception>
    /// <exception cref="OpenSslNotSupportedException">No libssl, or one below 1.1.1.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/d2i_SSL_SESSION/"/>
    public static SslSession FromBytes(ReadOnlySpan<byte> encoded, SslSessionId expectedId = default)
    {
        if (encoded.Length > SslSessionCodec.MaxEncodedLength)
        {
            throw new OpenSslException(
                $"An encoded session has at most {SslSessionCodec.MaxEncodedLength} bytes; these are {encoded.Length}", null);
        }

        // First of all: inside a static constructor its exception would be wrapped, and would stick.
        _ = OpenSslLibrary.Version;
        using ErrorMark mark = ErrorMark.Set();
        SSL_SESSION* session = SslSessionCodec.Decode(encoded);
        if (session is null)
        {
            throw new OpenSslException("These bytes are not one encoded session that this libssl can read", mark.NewestError);
        }

        var owned = new SslSession(SafeSslSessionHandle.Adopt(session));
        if (!expectedId.IsEmpty && owned.Id != expectedId)
        {
            owned.Dispose();
            throw new OpenSslException($"The encoded session has another id than the expected {expectedId}", null);
        }

        return owned;
    }

    /// <summary>Makes a session from a raw pointer whose reference the caller owns and gives up.</summary>
    /// <param name="session">An <c>SSL_SESSION*</c>, not null.</param>
    public static SslSession Adopt(nint session) => new(SafeSslSessionHandle.Adopt((SSL_SESSION*)NotNull(session)));

    /// <summary>Makes a session from a raw pointer that stays the caller's; a reference of its own is taken.</summary>
    /// <param name="session">An <c>SSL_SESSION*</c>, not null.</param>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_free/"/>
    public static SslSession Share(nint session) => new(SafeSslSessionHandle.Share((SSL_SESSION*)NotNull(session)));

    /// <inheritdoc cref="SslSessionRef.ExportPeerCertificate"/>
    public byte[]? ExportPeerCertificate() => Read(static session => session.ExportPeerCertificate());

    /// <inheritdoc cref="SslSessionRef.ToBytes"/>
    public byte[] ToBytes() => Read(static session => session.ToBytes());

    /// <summary>Gives the reference away: the raw <c>SSL_SESSION*</c> is the caller's to free, and this object is disposed of.</summary>
    public nint Detach()
    {
        // A reference for the caller, then ours dropped: safe even if another thread is reading meanwhile.
        nint pointer = Read(static session =>
        {
            using ErrorMark mark = ErrorMark.Set();
            OpenSslException.ThrowIfFailed(LibSsl.SSL_SESSION_up_ref(session.Pointer), mark);
            return (nint)session.Pointer;
        });
        _handle.Dispose();
        return pointer;
    }

    /// <summary>Drops the reference. Calling it again does nothing.</summary>
    public void Dispose() => _handle.Dispose();

    /// <inheritdoc cref="SslSessionRef.ToString"/>
    public override string ToString() => _handle.IsClosed ? "disposed" : Read(static session => session.ToString());

    /// <summary>A copy that shares nothing with this session, the caller's to free; null when memory is short.</summary>
    internal SSL_SESSION* Duplicate() => (SSL_SESSION*)Read(static session => (nint)LibSsl.SSL_SESSION_dup(session.Pointer));

    private T Read<T>(Reader<T> read)
    {
        bool added = false;
        try
        {
            _handle.DangerousAddRef(ref added);
            return read(new SslSessionRef((SSL_SESSION*)_handle.DangerousGetHandle()));
        }
        finally
        {
            if (added)
            {
                _handle.DangerousRelease();
            }
        }
    }

    private static nint NotNull(nint session) =>
        session != 0 ? session : throw new ArgumentNullException(nameof(session), "The SSL_SESSION pointer is null.");
}
