using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The number of the place where a connection stands: what the ClientHello callback remembers, because libssl does not tell later which
/// context a connection was made from.
/// </summary>
internal static unsafe class ConnectionSlot
{
    private static readonly ConnectionNumber s_number = ConnectionNumber.Register();
    private static readonly ConcurrentDictionary<nint, ConnectionPlace> s_places = new();

    /// <param name="ssl">The connection.</param>
    /// <param name="place">Where it stands, or will stand.</param>
    /// <param name="isSure">Whether it will stay there; if not, no session may be resumed on it.</param>
    /// <exception cref="OpenSslException">Memory is short.</exception>
    internal static void Set(SSL* ssl, ConnectionPlace place, bool isSure) => s_number.Set(ssl, isSure ? place.Number : -place.Number);

    internal static ConnectionPlace? Get(SSL* ssl) => Get(ssl, out _);

    internal static ConnectionPlace? Get(SSL* ssl, out bool isSure)
    {
        nint number = s_number.Of(ssl);
        isSure = number > 0;
        return number == 0 ? null : Find(nint.Abs(number));
    }

    /// <summary>Whether the connection has a place, and the place is forgotten.</summary>
    internal static bool IsForgotten(SSL* ssl)
    {
        nint number = s_number.Of(ssl);
        return number != 0 && Find(nint.Abs(number)) is null;
    }

    /// <summary>The connection has no place until it is given one.</summary>
    internal static void Clear(SSL* ssl) => _ = s_number.TrySet(ssl, 0);

    /// <summary>Null: it is forgotten.</summary>
    internal static ConnectionPlace? Find(nint number) => s_places.TryGetValue(number, out ConnectionPlace? place) ? place : null;

    internal static void Register(ConnectionPlace place) => s_places[place.Number] = place;

    internal static void Forget(nint number) => s_places.TryRemove(number, out _);
}
