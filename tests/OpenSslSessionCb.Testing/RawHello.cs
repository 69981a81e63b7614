using System.Security.Cryptography;
using System.Text;

namespace OpenSslSessionCb.Testing;

/// <summary>ClientHellos that no honest client makes, as OpenSSL takes them.</summary>
/// <param name="ServerName">The host name that is asked for.</param>
internal sealed record RawHello(string ServerName)
{
    private readonly byte[] _keyShare = RandomNumberGenerator.GetBytes(32);

    /// <summary>The client's: libssl does not compare it with that of the first hello after a HelloRetryRequest.</summary>
    internal byte[] Random { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The legacy session id: in TLS 1.2 the session that is offered.</summary>
    internal byte[] Id { get; init; } = [];

    /// <summary>What pre_shared_key offers in TLS 1.3, with binders that are wrong.</summary>
    internal IReadOnlyList<byte[]> Identities { get; init; } = [];

    internal bool IsTls13 { get; init; }

    /// <summary>Whether there is a key share: without one the server answers with a HelloRetryRequest.</summary>
    internal bool HasKeyShare { get; init; } = true;

    /// <summary>The handshake message.</summary>
    internal byte[] ToMessage()
    {
        byte[] ciphers = IsTls13 ? [0x13, 0x02, 0x13, 0x01, 0x13, 0x03] : [0xC0, 0x2C, 0xC0, 0x2B, 0xCC, 0xA9];
        byte[] name = Encoding.ASCII.GetBytes(ServerName);
        byte[] extensions =
        [
            .. Extension(0, Long([0, .. Long(name)])),
            .. Extension(10, Long([0, 29, 0, 23])),
            .. Extension(11, [1, 0]),
            .. Extension(13, Long([4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 6, 3, 8, 6])),
            .. Extension(23, []),
            .. IsTls13 ? Extensions13() : [],
        ];
        byte[] body = [3, 3, .. Random, (byte)Id.Length, .. Id, .. Long(ciphers), 1, 0, .. Long(extensions)];
        return [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private byte[] Extensions13() =>
    [
        .. Extension(43, [2, 3, 4]),
        .. Extension(45, [1, 1]),
        .. Extension(51, Long(HasKeyShare ? [0, 29, .. Long(_keyShare)] : [])),
        .. Identities.Count == 0 ? [] : Extension(41,
        [
            .. Long([.. Identities.SelectMany(static identity => (byte[])[.. Long(identity), 1, 2, 3, 4])]),
            .. Long([48, .. RandomNumberGenerator.GetBytes(48)]),
        ]),
    ];

    private static byte[] Extension(int type, byte[] content) => [0, (byte)type, .. Long(content)];

    /// <summary>A field behind its length of two bytes.</summary>
    private static byte[] Long(byte[] field) => [(byte)(field.Length >> 8), (byte)field.Length, .. field];
}
