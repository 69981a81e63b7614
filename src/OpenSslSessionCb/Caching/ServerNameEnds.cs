using System.Text;
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
    private const int LongestName = 255;

    private static readonly ConnectionNumber s_begins = ConnectionNumber.Register();

    private readonly ConcurrentLru<(nint Begins, string Name), byte[]> _ends = new(Capacity);

    /// <summary>In the get callback. Whether the last connection of this kind ended in a place.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="begins">The number of the context where it begins.</param>
    /// <param name="isolationContext">The place's.</param>
    internal bool LeadTo(SslRef ssl, nint begins, byte[] isolationContext)
    {
        s_begins.Set(ssl.Pointer, begins);
        ReadOnlySpan<byte> name = ClientHelloHostName.Find(ssl);
        return name.Length <= LongestName
            && _ends.TryGet((begins, KeyOf(name)), out byte[]? end)
            && end.AsSpan().SequenceEqual(isolationContext);
    }

    /// <summary>In the new callback.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="isolationContext">Of the place where it has ended; empty: it is not known.</param>
    internal void Learn(SslRef ssl, byte[] isolationContext)
    {
        ReadOnlySpan<byte> name = ClientHelloHostName.Accepted(ssl.Pointer);
        if (s_begins.Of(ssl.Pointer) is var begins and not 0 && name.Length <= LongestName)
        {
            _ends.AddOrUpdate((begins, KeyOf(name)), isolationContext);
        }
    }

    private static string KeyOf(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name).ToLowerInvariant();
}
