using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a hit in the near cache allocates on the managed heap: nothing. Counted by the GC to the byte, not timed.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION, false)]
[TestFixture(LibSsl.TLS1_2_VERSION, true)]
[TestFixture(LibSsl.TLS1_3_VERSION, false)]
[TestFixture(LibSsl.TLS1_3_VERSION, true)]
public sealed unsafe class HitAllocationTests(int version, bool mutual) : LeakCheckedTests
{
    private const int Hits = 1000;

    private static Action<nint, nint> s_look = static (_, _) => { };
    private static long s_allocated;

    [Test]
    public void GetCallback_NearCacheHit_AllocatesNothing()
    {
        using TlsContext server = TlsContext.Server(version, mutual: mutual);
        using TlsContext client = TlsContext.Client(version, withCertificate: mutual);
        var cache = new SessionCache(new MemorySessionStore());
        cache.Attach(server);
        using (var pair = new TlsPair(server, client))
        {
            pair.Connect();
            Ask(server, pair.Server, times: 1);
            long nearHits = cache.Statistics.NearHits;
            long before = GC.GetAllocatedBytesForCurrentThread();
            Ask(server, pair.Server, Hits);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.That(cache.Statistics.NearHits - nearHits, Is.EqualTo(Hits));
            Assert.That(allocated, Is.Zero);
            pair.Close();
        }

        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Test]
    public void ClientHello_OfAWatchedHostWithANameThatWasSeen_AllocatesNothing()
    {
        using TlsContext server = TlsContext.Server(version, mutual: mutual);
        using TlsContext client = TlsContext.Client(version, withCertificate: mutual);
        var cache = new SessionCache(new MemorySessionStore());
        ProcessAttachment attachment = cache.AttachToWatchedProcess();
        s_look = (ssl, context) => attachment.OnClientHello((SSL*)ssl, (SSL_CTX*)context);
        LibSsl.SSL_CTX_set_client_hello_cb(server.Pointer, &ClientHello, null);
        var allocated = new List<long>();
        ClientSession? session = null;
        for (int connection = 0; connection < 4; connection++)
        {
            using var pair = new TlsPair(server, client, session);
            pair.AskFor(connection % 2 == 0 ? "shop.example" : "SHOP.example");
            pair.Connect();
            Assert.That(pair.Resumed, Is.EqualTo(connection > 0));
            session?.Dispose();
            session = pair.TakeClientSession();
            pair.Close();
            allocated.Add(s_allocated);
        }

        session!.Dispose();
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();

        // The first one decides about the context. The pair's server and client take turns on this thread.
        Assert.That(allocated.Skip(2), Is.All.Zero, string.Join(", ", allocated));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ClientHello(SSL* ssl, int* alert, void* argument)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        s_look((nint)ssl, (nint)LibSsl.SSL_get_SSL_CTX(ssl));
        s_allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
    }

    /// <summary>As libssl does: through the callback that is set on the context, on a live connection, freeing what it answers.</summary>
    private static void Ask(TlsContext server, SSL* ssl, int times)
    {
        uint length;
        byte* id = LibSsl.SSL_SESSION_get_id(LibSsl.SSL_get_session(ssl), &length);
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(server.Pointer);
        for (int i = 0; i < times; i++)
        {
            int copy = 1;
            HandshakeBudget.Renew(ssl);
            LibSsl.SSL_SESSION_free(get(ssl, id, (int)length, &copy));
        }
    }
}
