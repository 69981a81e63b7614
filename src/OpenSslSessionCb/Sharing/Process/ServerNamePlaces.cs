using System.Text;
using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// Where a connection ends that begins at a place and asks for a host name, as earlier ones have shown. libssl looks for the
/// session before it lets the host switch contexts by the name (nginx, stunnel), so where the connection will belong must be known
/// by then; if it is not, the handshake is a full one.
/// </summary>
/// <remarks>
/// Otherwise a session of a site that asks for no client certificate could be resumed on one that does. Bounded: names come from
/// clients. The LRU keeps those that are asked for again and again.
/// </remarks>
internal sealed class ServerNamePlaces
{
    private const int Capacity = 4096;
    private const int Places = 256;

    // By number: the LRU would dispose of a place that it forgets.
    private readonly ConcurrentLru<(nint Begins, string Name), nint> _ends = new(Capacity);

    // What was asked for lately, each in a place that its bytes say, so that no string is made of it. What is here is, or
    // was, in the LRU too.
    private readonly Seen?[] _seen = new Seen?[Places];
    private int _generation;

    /// <summary>Null: no connection has shown it yet.</summary>
    internal ConnectionPlace? Find(ConnectionPlace begins, ReadOnlySpan<byte> name)
    {
        int generation = Volatile.Read(ref _generation);
        ref Seen? place = ref PlaceOf(begins, name);
        if (Volatile.Read(ref place) is { } seen
            && seen.Generation == generation && seen.Begins == begins.Number && Ascii.EqualsIgnoreCase(seen.Name, name))
        {
            return ConnectionSlot.Find(seen.Ends);
        }

        if (ClientHelloHostName.KeyOf(name) is not { } key || !_ends.TryGet((begins.Number, key), out nint ends))
        {
            return null;
        }

        Volatile.Write(ref place, new Seen(generation, begins.Number, name.ToArray(), ends));
        return ConnectionSlot.Find(ends);
    }

    internal void Learn(ConnectionPlace begins, ReadOnlySpan<byte> name, ConnectionPlace ends)
    {
        if (ClientHelloHostName.KeyOf(name) is { } key)
        {
            int generation = Volatile.Read(ref _generation);
            _ends.AddOrUpdate((begins.Number, key), ends.Number);
            Volatile.Write(ref PlaceOf(begins, name), new Seen(generation, begins.Number, name.ToArray(), ends.Number));
        }
    }

    /// <summary>What was learnt does not hold any more.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref _generation);
        _ends.Clear();
    }

    /// <summary>The same in upper and lower case. FNV-1a.</summary>
    private ref Seen? PlaceOf(ConnectionPlace begins, ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261 ^ (uint)begins.Number;
        foreach (byte letter in name)
        {
            hash = (hash ^ (letter | 0x20u)) * 16777619;
        }

        return ref _seen[(hash ^ (hash >> 16)) % Places];
    }

    /// <param name="Generation">Valid until the next <see cref="Forget"/>.</param>
    /// <param name="Begins">The number of the place in which the connection begins.</param>
    /// <param name="Name">As the client wrote it.</param>
    /// <param name="Ends">The number of the place in which it ends.</param>
    private sealed record Seen(int Generation, nint Begins, byte[] Name, nint Ends);
}
