using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Hellos that were looked at and that libssl has not seen yet, by their random: in its ClientHello callback the connection is
/// known by nothing else.
/// </summary>
/// <remarks>
/// Two generations: an entry lives through the rest of one and the whole of the next, so a hello that never comes to libssl is forgotten
/// by itself, and a flood of them takes no more than two full generations.
/// </remarks>
internal static unsafe class WatchedHellos
{
    private const int GenerationCapacity = 8192;
    private const long GenerationMilliseconds = 10_000;

    private static readonly Lock s_gate = new();
    private static volatile ConcurrentDictionary<HelloRandom, WatchedHandshake> s_young = new();
    private static volatile ConcurrentDictionary<HelloRandom, WatchedHandshake> s_old = new();
    private static long s_turned = Environment.TickCount64;
    private static int s_count;

    /// <summary>How many wait for libssl.</summary>
    internal static int Count => Volatile.Read(ref s_count);

    internal static void Add(HelloRandom random, WatchedHandshake handshake)
    {
        if (Environment.TickCount64 - Volatile.Read(ref s_turned) > GenerationMilliseconds || s_young.Count >= GenerationCapacity)
        {
            Turn();
        }

        WatchedHandshake? other = s_old.GetValueOrDefault(random);
        if (other is null)
        {
            // Before it can be claimed, so that the count never falls below what is there.
            Interlocked.Increment(ref s_count);
            other = s_young.GetOrAdd(random, handshake);
            if (other == handshake)
            {
                return;
            }

            Interlocked.Decrement(ref s_count);
        }

        // Two connections with one random: somebody repeats what they have seen. Which is which cannot be known.
        other.Forsake();
    }

    /// <summary>The one that looked at this connection's hello, if any; from then on it is nobody's.</summary>
    internal static WatchedHandshake? Claim(SSL* ssl)
    {
        byte* random;
        if (LibSsl.SSL_client_hello_get0_random(ssl, &random) < HelloRandom.Length)
        {
            return null;
        }

        var key = new HelloRandom(new ReadOnlySpan<byte>(random, HelloRandom.Length));
        return TryTake(s_young, key) ?? TryTake(s_old, key);
    }

    private static WatchedHandshake? TryTake(ConcurrentDictionary<HelloRandom, WatchedHandshake> generation, HelloRandom key)
    {
        if (generation.TryRemove(key, out WatchedHandshake? found))
        {
            Interlocked.Decrement(ref s_count);
        }

        return found;
    }

    private static void Turn()
    {
        lock (s_gate)
        {
            bool isFull = s_young.Count >= GenerationCapacity;
            long now = Environment.TickCount64;
            if (!isFull && now - s_turned <= GenerationMilliseconds)
            {
                return;
            }

            ConcurrentDictionary<HelloRandom, WatchedHandshake> leaving = s_old;
            s_old = s_young;
            s_young = new ConcurrentDictionary<HelloRandom, WatchedHandshake>();
            Volatile.Write(ref s_turned, now);
            foreach (HelloRandom key in leaving.Keys)
            {
                _ = TryTake(leaving, key);
            }
        }
    }
}
