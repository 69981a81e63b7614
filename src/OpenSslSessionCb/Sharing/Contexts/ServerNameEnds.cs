using BitFaster.Caching.Lru;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Where connections ended that began at a context whose host moves some by their host name: libssl asks for the session before that
/// can be known.
/// </summary>
/// <remarks>
/// One for a cache, because libssl tells a new session to the context where its connection ended. The context where it began is noted
/// on the connection when libssl asks for a session; so a connection that offers none teaches nothing. Bounded: names come from
/// clients. No name is a name too: the host's callback is called without one.
/// </remarks>
internal sealed unsafe class ServerNameEnds
{
    private const int Capacity = 4096;

    private static readonly ConnectionNumber s_begins = ConnectionNumber.Register();

    private readonly ConcurrentLru<(nint Begins, string Name), End> _ends = new(Capacity);

    /// <summary>In the get callback. Whether the last connection of this kind ended where it began.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="begins">The number of the context where it begins.</param>
    /// <param name="place">Where it stands.</param>
    internal bool LeadTo(SslRef ssl, nint begins, ConnectionPlace place)
    {
        s_begins.Set(ssl.Pointer, begins);
        return ClientHelloHostName.KeyOf(ClientHelloHostName.Find(ssl)) is { } name
            && _ends.TryGet((begins, name), out End? end)
            && end.Is(place);
    }

    /// <summary>In the new callback.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="place">Where it has ended; null: in none of ours.</param>
    internal void Learn(SslRef ssl, ConnectionPlace? place)
    {
        if (s_begins.Of(ssl.Pointer) is var begins and not 0
            && ClientHelloHostName.KeyOf(ClientHelloHostName.Accepted(ssl.Pointer)) is { } name)
        {
            _ends.AddOrUpdate((begins, name), new End(place));
        }
    }

    /// <summary>Not the place itself: the LRU would dispose of it.</summary>
    private sealed class End(ConnectionPlace? place)
    {
        private readonly byte[]? _isolationContext = place?.IsolationContext;
        private readonly nint _number = place?.Number ?? 0;

        /// <summary>
        /// Where clients are verified it must be the very same place: another one of the same certificate may accept other clients.
        /// </summary>
        internal bool Is(ConnectionPlace other) => other.VerifiesClients
            ? _number == other.Number
            : _isolationContext.AsSpan().SequenceEqual(other.IsolationContext);
    }
}
