using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The number of a connection's origin, in an ex_data slot of its SSL, and the origins by their numbers.
/// </summary>
internal static unsafe class ConnectionOrigins
{
    private static readonly ConnectionNumber s_number = ConnectionNumber.Register();
    private static readonly ConcurrentDictionary<nint, ConnectionOrigin> s_origins = new();

    /// <param name="ssl">The connection.</param>
    /// <param name="origin">Of this connection.</param>
    /// <param name="isSure">Whether it will stay so; if not, no session may be resumed on it.</param>
    /// <exception cref="OpenSslException">Memory is short.</exception>
    internal static void Set(SSL* ssl, ConnectionOrigin origin, bool isSure) => s_number.Set(ssl, isSure ? origin.Number : -origin.Number);

    internal static ConnectionOrigin? Get(SSL* ssl) => Get(ssl, out _);

    internal static ConnectionOrigin? Get(SSL* ssl, out bool isSure)
    {
        nint number = s_number.Of(ssl);
        isSure = number > 0;
        return number == 0 ? null : Find(nint.Abs(number));
    }

    /// <summary>Whether the connection has an origin, and the origin is forgotten.</summary>
    internal static bool IsForgotten(SSL* ssl)
    {
        nint number = s_number.Of(ssl);
        return number != 0 && Find(nint.Abs(number)) is null;
    }

    /// <summary>The connection has no origin until it is given one.</summary>
    internal static void Clear(SSL* ssl) => _ = s_number.TrySet(ssl, 0);

    /// <summary>Null: it is forgotten.</summary>
    internal static ConnectionOrigin? Find(nint number) => s_origins.TryGetValue(number, out ConnectionOrigin? origin) ? origin : null;

    internal static void Register(ConnectionOrigin origin) => s_origins[origin.Number] = origin;

    internal static void Forget(nint number) => s_origins.TryRemove(number, out _);
}
