using System.Text;
using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// Where a connection ends that begins in a scope and asks for a host name, as earlier ones have shown. libssl looks for the session before it lets the host
/// switch contexts by the name (nginx, stunnel), so where the connection will belong must be known by then; if it is not, the handshake is a full one.
/// </summary>
/// <remarks>
/// Otherwise a session of a site that asks for no client certificate could be resumed on one that does. Bounded: names come from clients. The LRU keeps those
/// that are asked for again and again.
/// </remarks>
internal sealed class ServerNameScopes
{
    private const int Capacity = 4096;
    private const int LongestName = 255;

    // By number: the LRU would dispose of a scope that it forgets.
    private readonly ConcurrentLru<(nint Begins, string Name), nint> _ends = new(Capacity);

    /// <summary>Null: no connection has shown it yet.</summary>
    internal ConnectionScope? Find(ConnectionScope begins, ReadOnlySpan<byte> name) =>
        name.Length <= LongestName && _ends.TryGet(KeyOf(begins, name), out nint ends) ? ConnectionSlot.Find(ends) : null;

    internal void Learn(ConnectionScope begins, ReadOnlySpan<byte> name, ConnectionScope ends)
    {
        if (name.Length <= LongestName)
        {
            _ends.AddOrUpdate(KeyOf(begins, name), ends.Number);
        }
    }

    /// <summary>What was learnt does not hold any more.</summary>
    internal void Forget() => _ends.Clear();

    private static (nint Begins, string Name) KeyOf(ConnectionScope begins, ReadOnlySpan<byte> name) => (begins.Number, Encoding.Latin1.GetString(name).ToLowerInvariant());
}
