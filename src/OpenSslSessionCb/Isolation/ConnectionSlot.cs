using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Where a connection stands: its origin, which the session callbacks know by its context only.</summary>
internal static unsafe class ConnectionSlot
{
    /// <param name="ssl">The connection.</param>
    /// <param name="place">Where it stands, or will stand.</param>
    /// <param name="isSure">Whether it will stay there; if not, no session may be resumed on it.</param>
    /// <exception cref="OpenSslException">Memory is short.</exception>
    internal static void Set(SSL* ssl, ConnectionPlace place, bool isSure) => ConnectionOrigins.Set(ssl, place, isSure);

    internal static ConnectionPlace? Get(SSL* ssl) => (ConnectionPlace?)ConnectionOrigins.Get(ssl);

    internal static ConnectionPlace? Get(SSL* ssl, out bool isSure) => (ConnectionPlace?)ConnectionOrigins.Get(ssl, out isSure);

    /// <summary>Whether the connection has a place, and the place is forgotten.</summary>
    internal static bool IsForgotten(SSL* ssl) => ConnectionOrigins.IsForgotten(ssl);

    /// <summary>The connection has no place until it is given one.</summary>
    internal static void Clear(SSL* ssl) => ConnectionOrigins.Clear(ssl);

    /// <summary>Null: it is forgotten.</summary>
    internal static ConnectionPlace? Find(nint number) => (ConnectionPlace?)ConnectionOrigins.Find(number);
}
