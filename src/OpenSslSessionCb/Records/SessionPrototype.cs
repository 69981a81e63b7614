using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// A session that no connection uses and nobody changes: connections get copies of it, from any number of threads at once.
/// </summary>
/// <remarks>Its users are counted (the near cache is one, a queued write another); the last one that leaves frees it.</remarks>
internal sealed unsafe class SessionPrototype
{
    // The handle counts the users, and frees the session even if somebody forgets.
    private readonly SafeSslSessionHandle _handle;
    private volatile int _extendedMasterSecret;

    private SessionPrototype(SafeSslSessionHandle handle,
        DateTimeOffset origin, in SessionMaker maker, ClientVerification? client, bool hasClientChain)
    {
        _handle = handle;
        Origin = origin;
        Maker = maker;
        Client = client;
        HasClientChain = hasClientChain;
    }

    /// <summary>The time of the full handshake that the session goes back to.</summary>
    internal DateTimeOffset Origin { get; }

    /// <summary>The program that announced it, as far as that is known.</summary>
    internal SessionMaker Maker { get; }

    /// <summary>What that handshake found out about the client; null where clients are not verified.</summary>
    internal ClientVerification? Client { get; }

    /// <summary>
    /// Whether copies have the client's chain as the client sent it, and not only its certificate: only those of a session that was born
    /// in this process, or renewed from such a one, since a record of libssl's has no place for it.
    /// </summary>
    internal bool HasClientChain { get; }

    /// <summary>Of TLS 1.2 and below. For a user; read when it is asked for, which is rare.</summary>
    internal bool HasExtendedMasterSecret
    {
        get
        {
            // 0: not read yet.
            if (_extendedMasterSecret == 0)
            {
                _extendedMasterSecret = SessionFlags.HasExtendedMasterSecret((SSL_SESSION*)_handle.DangerousGetHandle()) ? 1 : -1;
            }

            return _extendedMasterSecret > 0;
        }
    }

    /// <summary>The client's certificate; null: it has none. For a user.</summary>
    internal X509* Peer => LibSsl.SSL_SESSION_get0_peer((SSL_SESSION*)_handle.DangerousGetHandle());

    /// <summary>
    /// A copy of a session that is in use, with the host name that it was made under; null when memory is
    /// short. The caller is its first user.
    /// </summary>
    /// <param name="session">Announced on <paramref name="ssl"/>.</param>
    /// <param name="ssl">The connection.</param>
    /// <param name="origin">The time of the full handshake that the session goes back to.</param>
    /// <param name="client">What that has found out about the client.</param>
    /// <param name="leavesHostData">Whether the host's ex_data stays behind; otherwise its dup functions are called, now
    /// and for each copy.</param>
    internal static SessionPrototype? CopyOf(
        SslSessionRef session, SslRef ssl, DateTimeOffset origin, ClientVerification? client, bool leavesHostData)
    {
        SSL_SESSION* copy = leavesHostData ? SslSessionCodec.Recode(session.Pointer) : LibSsl.SSL_SESSION_dup(session.Pointer);
        if (copy is null)
        {
            return null;
        }

        // Of the connection's session, which is the one that is announced.
        bool hasChain = client is not null && !leavesHostData && LibCrypto.sk_X509_num(LibSsl.SSL_get_peer_cert_chain(ssl.Pointer)) > 0;
        var prototype = new SessionPrototype(
            SafeSslSessionHandle.Adopt(copy), origin, HostIdContext.MakerOf(ssl.Pointer), client, hasChain);

        // libssl notes it only where the host has a server name callback that says yes. A connection that takes the session up
        // again then has it in SSL_get_servername, too. Null clears what the copy may have.
        if (LibSsl.SSL_SESSION_set1_hostname(copy, LibSsl.SSL_get_servername(ssl.Pointer, LibSsl.TLSEXT_NAMETYPE_host_name)) == 1)
        {
            return prototype;
        }

        prototype.ReleaseFirst();
        return null;
    }

    /// <summary>Decodes a session; null when this libssl cannot read it. The caller is its first user.</summary>
    internal static SessionPrototype? Decode(
        ReadOnlySpan<byte> encoded, DateTimeOffset origin, in SessionMaker maker, ClientVerification? client)
    {
        SSL_SESSION* session = SslSessionCodec.Decode(encoded);
        if (session is null)
        {
            return null;
        }

        return new SessionPrototype(SafeSslSessionHandle.Adopt(session), origin, maker, client, hasClientChain: false);
    }

    /// <summary>One more user, or false: the last one has left.</summary>
    internal bool TryShare()
    {
        bool added = false;
        try
        {
            _handle.DangerousAddRef(ref added);
        }
        catch (ObjectDisposedException)
        {
            // Evicted between being found and being used: a miss.
        }

        return added;
    }

    /// <summary>A user leaves. The first user leaves by <see cref="ReleaseFirst"/>.</summary>
    internal void Release() => _handle.DangerousRelease();

    /// <summary>The user that made it leaves; the others keep it alive.</summary>
    internal void ReleaseFirst() => _handle.Dispose();

    /// <summary>Whether it was made under this host name; empty: under none. For a user.</summary>
    /// <remarks>RFC 6066, 3: a server must not resume a session under another name. libssl does not look.</remarks>
    internal bool IsFor(ReadOnlySpan<byte> hostName)
    {
        byte* own = LibSsl.SSL_SESSION_get0_hostname((SSL_SESSION*)_handle.DangerousGetHandle());
        return Ascii.EqualsIgnoreCase(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(own), hostName);
    }

    /// <summary>
    /// A copy that shares nothing with this one, for libssl to own and resume on a connection; 0 when memory is short. For a user.
    /// </summary>
    internal nint TryDuplicate(SslRef ssl) => SessionOrigin.TryNote(ssl, this)
        ? (nint)LibSsl.SSL_SESSION_dup((SSL_SESSION*)_handle.DangerousGetHandle())
        : 0;

    /// <summary>Where it may be resumed, for libssl to compare; before anybody else sees it.</summary>
    internal bool TrySetIdContext(byte[] isolationContext)
    {
        fixed (byte* bytes = isolationContext)
        {
            return LibSsl.SSL_SESSION_set1_id_context(
                (SSL_SESSION*)_handle.DangerousGetHandle(), bytes, (uint)isolationContext.Length) == 1;
        }
    }

    /// <summary>Borrows the session, for a user: it cannot go while that user stays.</summary>
    internal SslSessionRef Borrow() => new((SSL_SESSION*)_handle.DangerousGetHandle());
}
