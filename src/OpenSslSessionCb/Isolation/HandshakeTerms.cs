using System.Buffers.Binary;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What a session has fixed, against what its client offers in this hello and this server allows now. Where they differ, a full
/// handshake goes on and agrees on something else; libssl resumes all the same, or ends the handshake with an alert.
/// </summary>
internal static unsafe class HandshakeTerms
{
    /// <summary>Whether a full handshake could come to the same terms. For a user of the session, in the get callback.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="session">What its client offers.</param>
    /// <param name="ciphers">What the server will allow; null: what it allows now.</param>
    internal static bool Allow(SSL* ssl, SessionPrototype session, CipherList? ciphers)
    {
        byte* random;
        if (LibSsl.SSL_client_hello_get0_random(ssl, &random) == 0)
        {
            // No hello is at hand, so libssl is not the one that asks.
            return true;
        }

        if (session.Borrow().ProtocolVersion != new SslRef(ssl).ProtocolVersion)
        {
            return false;
        }

        SSL_SESSION* native = session.Borrow().Pointer;
        SSL_CIPHER* cipher = LibSsl.SSL_SESSION_get0_cipher(native);
        if (!IsFragmentAlike(ssl, native))
        {
            return false;
        }

        if (session.Borrow().ProtocolVersion != TlsProtocolVersion.Tls13)
        {
            // libssl does not ask whether the server still allows it.
            bool isAllowed = ciphers is null ? CipherList.AllowNow(ssl, cipher) : ciphers.Allows(cipher);
            return isAllowed && IsOffered(ssl, cipher) && IsMasterSecretAlike(ssl, session);
        }

        // TLS 1.3 agrees on a cipher suite anew, and libssl passes over a session whose hash is another. Not given out in the first
        // place, what is given out is what is resumed.
        SSL_CIPHER* chosen = LibSsl.SSL_get_pending_cipher(ssl);
        return chosen is null || LibSsl.SSL_CIPHER_get_handshake_digest(chosen) == LibSsl.SSL_CIPHER_get_handshake_digest(cipher);
    }

    /// <summary>
    /// Whether libssl will take up a session that it is given, and not go on to a full handshake: for one that the terms allow. The
    /// host may have been asked about its client by then.
    /// </summary>
    internal static bool AreTakenUp(SSL* ssl, SessionPrototype session)
    {
        byte* random;
        if (LibSsl.SSL_client_hello_get0_random(ssl, &random) == 0)
        {
            return true;
        }

        return !SslSessionTime.IsNearItsEnd(session.Borrow().Pointer)
            && (session.Borrow().ProtocolVersion == TlsProtocolVersion.Tls13
                || session.HasExtendedMasterSecret == FindExtension(ssl, LibSsl.TLSEXT_TYPE_extended_master_secret, out _));
    }

    /// <summary>libssl ends a handshake (illegal_parameter) whose client leaves out the cipher suite of its session.</summary>
    private static bool IsOffered(SSL* ssl, SSL_CIPHER* cipher)
    {
        // Not SSL_client_hello_get0_ciphers: libssl has read them by now, and nothing is left of them there.
        byte* start;
        int length = LibSsl.SSL_get0_raw_cipherlist(ssl, &start);
        var suites = new ReadOnlySpan<byte>(start, length);
        ushort wanted = LibSsl.SSL_CIPHER_get_protocol_id(cipher);
        while (suites.Length >= sizeof(ushort))
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(suites) == wanted)
            {
                return true;
            }

            suites = suites[sizeof(ushort)..];
        }

        return false;
    }

    /// <summary>
    /// RFC 7627, 5.3: a session with an extended master secret is not resumed without one. libssl ends the handshake where the client
    /// does not offer it, and the client where the server does not answer it. The other way round libssl does a full handshake.
    /// </summary>
    private static bool IsMasterSecretAlike(SSL* ssl, SessionPrototype session)
    {
        bool isDone = (LibSsl.SSL_get_options(ssl) & LibSsl.SSL_OP_NO_EXTENDED_MASTER_SECRET) == 0
            && FindExtension(ssl, LibSsl.TLSEXT_TYPE_extended_master_secret, out _);
        return isDone || !session.HasExtendedMasterSecret;
    }

    /// <summary>RFC 6066, 4: the fragment length holds for the session. libssl ends a handshake whose client asks for another.</summary>
    private static bool IsFragmentAlike(SSL* ssl, SSL_SESSION* session)
    {
        // 255 is TLSEXT_max_fragment_length_UNSPECIFIED, which 1.1.1 does not know: none was agreed on.
        byte agreed = LibSsl.SSL_SESSION_get_max_fragment_length(session);
        FindExtension(ssl, LibSsl.TLSEXT_TYPE_max_fragment_length, out ReadOnlySpan<byte> asked);
        return (agreed == byte.MaxValue ? 0 : agreed) == (asked.Length == 1 ? asked[0] : 0);
    }

    private static bool FindExtension(SSL* ssl, int type, out ReadOnlySpan<byte> content)
    {
        byte* start;
        nuint length;
        bool isThere = LibSsl.SSL_client_hello_get0_ext(ssl, (uint)type, &start, &length) == 1;
        content = isThere ? new ReadOnlySpan<byte>(start, (int)length) : default;
        return isThere;
    }
}
