using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Our ex_data slot on SSL: what the ClientHello callback remembers there, because libssl does not tell later which context a
/// connection was made from. It holds a number and not a pointer: what the number means may go before the connection does.
/// </summary>
internal static unsafe class ConnectionSlot
{
    private static readonly int s_index = Register();
    private static readonly ConcurrentDictionary<nint, ConnectionPlace> s_places = new();

    /// <param name="ssl">The connection.</param>
    /// <param name="place">Where it stands, or will stand.</param>
    /// <param name="isSure">Whether it will stay there; if not, no session may be resumed on it.</param>
    /// <param name="mark">The caller's.</param>
    internal static void Set(SSL* ssl, ConnectionPlace place, bool isSure, ErrorMark mark) =>
        OpenSslException.ThrowIfFailed(LibSsl.SSL_set_ex_data(ssl, s_index, (void*)(isSure ? place.Number : -place.Number)), mark);

    internal static ConnectionPlace? Get(SSL* ssl) => Get(ssl, out _);

    internal static ConnectionPlace? Get(SSL* ssl, out bool isSure)
    {
        nint number = (nint)LibSsl.SSL_get_ex_data(ssl, s_index);
        isSure = number > 0;
        return number == 0 ? null : Find(nint.Abs(number));
    }

    /// <summary>Whether the connection has a place, and the place is forgotten.</summary>
    internal static bool IsForgotten(SSL* ssl)
    {
        var number = (nint)LibSsl.SSL_get_ex_data(ssl, s_index);
        return number != 0 && Find(nint.Abs(number)) is null;
    }

    /// <summary>The connection has no place until it is given one.</summary>
    internal static void Clear(SSL* ssl) => _ = LibSsl.SSL_set_ex_data(ssl, s_index, null);

    /// <summary>Null: it is forgotten.</summary>
    internal static ConnectionPlace? Find(nint number) => s_places.TryGetValue(number, out ConnectionPlace? place) ? place : null;

    internal static void Register(ConnectionPlace place) => s_places[place.Number] = place;

    internal static void Forget(nint number) => s_places.TryRemove(number, out _);

    private static int Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibSsl.SSL_get_ex_new_index(default, null, null, null, null);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_get_ex_new_index));
        return index;
    }
}
