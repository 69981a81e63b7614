using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Which sessions are worth a place in the cache.</summary>
internal static unsafe class SessionAdmission
{
    internal static bool IsWorthKeeping(SslRef ssl, SslSessionRef session)
    {
        if (!session.IsResumable || session.IdSpan.IsEmpty)
        {
            return false;
        }

        if (session.ProtocolVersion != TlsProtocolVersion.Tls13)
        {
            return IsServerKnownByCertificate(LibSsl.SSL_SESSION_get0_cipher(session.Pointer))
                && LibSsl.SSL_SESSION_get_compress_id(session.Pointer) == 0;
        }

        // A stateless ticket holds the session itself: libssl never asks for the random id that it announces here.
        // Early data needs each session to be given out once in the whole farm, which a cache that copies cannot promise.
        // A connection that was let in by a pre-shared key of the host's looks like a resumed one, and so do those that go back to it.
        return ssl.HasStatefulTickets && session.MaxEarlyData == 0 && (!ssl.IsResumed || SessionOrigin.IsKnown(ssl, session));
    }

    /// <summary>What goes with a session that is announced. False: nobody may resume it.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="session">The session.</param>
    /// <param name="place">Where the connection stands.</param>
    /// <param name="options">What the host allows.</param>
    /// <param name="client">What was found out about the client; null where clients are not verified.</param>
    internal static bool TryFindClient(
        SslRef ssl, SslSessionRef session, ConnectionPlace place, SessionCacheOptions options, out ClientVerification? client)
    {
        client = null;
        bool hasCertificate = LibSsl.SSL_SESSION_get0_peer(session.Pointer) is not null;
        if (!place.VerifiesClients)
        {
            // A certificate here was got after the handshake: those who ask for none must not find it.
            return !hasCertificate;
        }

        if (!hasCertificate)
        {
            client = options.ShareSessionsWithoutClientCertificate ? new ClientVerification(place.VerifyMode, 0, []) : null;
            return client is not null;
        }

        // Asked for at any time, also on a resumed connection: whose answer a renewed session has cannot be known.
        bool isAskedLater = (place.VerifyMode & LibSsl.SSL_VERIFY_POST_HANDSHAKE) != 0
            && session.ProtocolVersion == TlsProtocolVersion.Tls13;
        if (isAskedLater || place.Demand is null)
        {
            return false;
        }

        client = ssl.IsResumed ? SessionOrigin.ClientOf(ssl.Pointer) : ClientVerification.Of(ssl, place.VerifyMode);

        // Where the host lets such a client in all the same, it looks at the connection later on: what its verify callback noted there.
        return client is not null && (client.Result == LibCrypto.X509_V_OK || place.IsJudgedByDotNet
            || HostProgram.Current is { VerifyCallbackOverrules: true });
    }

    /// <summary>
    /// Up to TLS 1.2 the cipher suite says how the two came to trust each other. A pre-shared key or a password (SRP) is known by one
    /// server and taken away at another, and no certificate was shown by which the session could be told from theirs.
    /// </summary>
    private static bool IsServerKnownByCertificate(SSL_CIPHER* cipher) =>
        LibSsl.SSL_CIPHER_get_kx_nid(cipher) is LibCrypto.NID_kx_ecdhe or LibCrypto.NID_kx_dhe or LibCrypto.NID_kx_rsa
        && LibSsl.SSL_CIPHER_get_auth_nid(cipher) is LibCrypto.NID_auth_rsa or LibCrypto.NID_auth_ecdsa or LibCrypto.NID_auth_dss;
}
