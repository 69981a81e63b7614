using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The cipher suites that a connection may agree on, and how strong they must be.</summary>
/// <remarks>By their addresses: libssl has one object for each suite, and never frees it.</remarks>
internal sealed unsafe class CipherList
{
    // ssl_security_default_callback: how many bits each security level asks for, the last one for all above.
    private static readonly int[] s_bitsOfLevel = [0, 80, 112, 128, 192, 256];

    private readonly nint[] _ciphers;
    private readonly int _level;

    private CipherList(nint[] ciphers, int level)
    {
        _ciphers = ciphers;
        _level = level;
    }

    /// <summary>Of a connection as it is set up now.</summary>
    internal static CipherList Of(SSL* ssl)
    {
        STACK_OF_SSL_CIPHER* list = LibSsl.SSL_get_ciphers(ssl);
        var ciphers = new nint[Math.Max(0, LibCrypto.sk_SSL_CIPHER_num(list))];
        for (int i = 0; i < ciphers.Length; i++)
        {
            ciphers[i] = (nint)LibCrypto.sk_SSL_CIPHER_value(list, i);
        }

        return new CipherList(ciphers, LibSsl.SSL_get_security_level(ssl));
    }

    /// <summary>Whether a connection may agree on a suite as it is set up now.</summary>
    internal static bool AllowNow(SSL* ssl, SSL_CIPHER* cipher) =>
        LibCrypto.sk_SSL_CIPHER_find(LibSsl.SSL_get_ciphers(ssl), cipher) >= 0
        && IsStrongEnough(cipher, LibSsl.SSL_get_security_level(ssl));

    internal bool Allows(SSL_CIPHER* cipher) => Array.IndexOf(_ciphers, (nint)cipher) >= 0 && IsStrongEnough(cipher, _level);

    /// <summary>Whether a connection has this list now.</summary>
    internal bool IsOf(SSL* ssl)
    {
        STACK_OF_SSL_CIPHER* list = LibSsl.SSL_get_ciphers(ssl);
        bool isSame = LibCrypto.sk_SSL_CIPHER_num(list) == _ciphers.Length && LibSsl.SSL_get_security_level(ssl) == _level;
        for (int i = 0; isSame && i < _ciphers.Length; i++)
        {
            isSame = _ciphers[i] == (nint)LibCrypto.sk_SSL_CIPHER_value(list, i);
        }

        return isSame;
    }

    private static bool IsStrongEnough(SSL_CIPHER* cipher, int level)
    {
        int bits = s_bitsOfLevel[Math.Clamp(level, 0, s_bitsOfLevel.Length - 1)];
        return LibSsl.SSL_CIPHER_get_bits(cipher, null) >= bits
            && (level < 3 || LibSsl.SSL_CIPHER_get_kx_nid(cipher) is LibCrypto.NID_kx_ecdhe or LibCrypto.NID_kx_dhe);
    }
}
