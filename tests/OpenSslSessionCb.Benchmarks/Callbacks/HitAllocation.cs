using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Managed bytes that this thread allocates: exact, so a few hundred are enough to know.</summary>
internal static unsafe class HitAllocation
{
    private const int Hits = 1000;

    /// <summary>
    /// Asks as libssl does: through the get callback that is set on the context, on a live connection, freeing what it answers.
    /// </summary>
    internal static double PerHit(ManagedContender contender)
    {
        using var pair = new TlsPair(contender.Server, contender.Client);
        pair.Connect();
        using ClientSession session = pair.TakeClientSession();
        contender.Rest();

        uint length;
        byte* id = LibSsl.SSL_SESSION_get_id(LibSsl.SSL_get_session(pair.Server), &length);
        Ask(contender, pair.Server, id, (int)length, times: 100);
        long nearHits = contender.Statistics.NearHits;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Ask(contender, pair.Server, id, (int)length, Hits);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (contender.Statistics.NearHits - nearHits != Hits)
        {
            throw new InvalidOperationException("Not every question was a hit in the near cache.");
        }

        pair.Close();
        return (double)allocated / Hits;
    }

    /// <summary>For a whole connection, as the case makes them.</summary>
    internal static double PerConnection(Contender contender)
    {
        const int Slices = 4;
        long allocated = 0;
        for (int i = 0; i < Slices; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = contender.Connect();
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            contender.Rest();
        }

        return (double)allocated / (Slices * Contender.SliceLength);
    }

    private static void Ask(Contender contender, SSL* ssl, byte* id, int length, int times)
    {
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(contender.Server.Pointer);
        for (int i = 0; i < times; i++)
        {
            int copy = 1;
            HandshakeBudget.Renew(ssl);
            LibSsl.SSL_SESSION_free(get(ssl, id, length, &copy));
        }
    }
}
