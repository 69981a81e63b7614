using BitFaster.Caching.Lru;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Which cipher suites a host allows under a host name, as the last connection has shown that asked for it. A site may allow fewer than
/// the context where connections begin, or others, and libssl asks for the session before the host switches.
/// </summary>
/// <remarks>Bounded: names come from clients.</remarks>
internal sealed unsafe class ServerNameCiphers
{
    private const int Capacity = 4096;

    private readonly ConcurrentLru<string, CipherList> _lists = new(Capacity);

    /// <summary>The host has had its say about the name.</summary>
    internal void Learn(SSL* ssl)
    {
        if (ClientHelloHostName.KeyOf(ClientHelloHostName.Accepted(ssl)) is { } name
            && !(_lists.TryGet(name, out CipherList? known) && known.IsOf(ssl)))
        {
            _lists.AddOrUpdate(name, CipherList.Of(ssl));
        }
    }

    /// <summary>In the get callback. Null: the host has not been asked about the name, or does not switch by it.</summary>
    internal CipherList? Find(SslRef ssl) =>
        ClientHelloHostName.KeyOf(ClientHelloHostName.Find(ssl)) is { } name && _lists.TryGet(name, out CipherList? list) ? list : null;

    internal void Forget() => _lists.Clear();
}
