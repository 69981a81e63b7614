using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a watcher has seen a host set decides what can be known of its connections; what it cannot see counts as set.</summary>
[Platform("Linux")]
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed unsafe class HostCallbacksTests(int version) : LeakCheckedTests
{
    private static readonly int s_slot = LibSsl.SSL_CTX_get_ex_new_index(default, null, null, null, null);

    private int* _flags;

    [SetUp]
    public void Watch()
    {
        _flags = (int*)NativeMemory.AllocZeroed(sizeof(int));
        HostCallbacks.WatcherSlot = s_slot;
    }

    [TearDown]
    public void StopWatching()
    {
        HostCallbacks.WatcherSlot = -1;
        NativeMemory.Free(_flags);
    }

    [TestCase(0, ExpectedResult = false, Description = "The host calls libssl out of the watcher's sight.")]
    [TestCase(1, ExpectedResult = true)]
    [TestCase(1 | 8, ExpectedResult = false, Description = "It judges clients itself.")]
    public bool ClientCertificate_WhereTheHostMayJudgeInAWayThatCannotBeAsked_IsNotKept(int flags)
    {
        (long kept, _) = Visit(flags, mutual: true);
        return kept > 0;
    }

    [TestCase(1, ExpectedResult = true, Description = "No callback can move it.")]
    [TestCase(0, ExpectedResult = false)]
    [TestCase(1 | 2, ExpectedResult = false, Description = "The server name may.")]
    [TestCase(1 | 4, ExpectedResult = false, Description = "Its certificate may be another.")]
    public bool SecondConnection_OfAProcessThatKnowsNoName_ResumesWhereAllStays(int flags) => Visit(flags, mutual: false).Resumes;

    /// <summary>A connection; and a second one that another cache, which has seen none, looks at.</summary>
    private (long Kept, bool Resumes) Visit(int flags, bool mutual)
    {
        *_flags = flags;
        using SessionKeyRing ring = SessionKeyRing.Generate();
        var store = new MemorySessionStore();
        var options = new SessionCacheOptions { KeyRing = ring, LeaveStoreOpen = true };
        using TlsContext first = TlsContext.Server(version, mutual: mutual);
        using TlsContext second = TlsContext.Server(version, mutual: mutual);
        using TlsContext client = TlsContext.Client(version, withCertificate: mutual);
        var maker = new SessionCache(store, options);
        ClientSession session = Connect(maker, first, client, null, out _);
        Eventually.True(() => maker.Statistics.Queued == 0, "it is written").GetAwaiter().GetResult();
        var other = new SessionCache(store, options);
        Connect(other, second, client, session, out bool resumes).Dispose();
        session.Dispose();
        long kept = maker.Statistics.New - maker.Statistics.NotKept;
        foreach (SessionCache cache in (SessionCache[])[maker, other])
        {
            cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (kept, resumes);
    }

    private ClientSession Connect(SessionCache cache, TlsContext server, TlsContext client, ClientSession? offer, out bool resumed)
    {
        Assert.That(LibSsl.SSL_CTX_set_ex_data(server.Pointer, s_slot, _flags), Is.EqualTo(1));
        ProcessAttachment attachment = cache.AttachToWatchedProcess();
        s_look = (ssl, context) => attachment.OnClientHello((SSL*)ssl, (SSL_CTX*)context);
        LibSsl.SSL_CTX_set_client_hello_cb(server.Pointer, &ClientHello, null);
        using var pair = new TlsPair(server, client, offer);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }

    private static Action<nint, nint> s_look = static (_, _) => { };

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int ClientHello(SSL* ssl, int* alert, void* argument)
    {
        s_look((nint)ssl, (nint)LibSsl.SSL_get_SSL_CTX(ssl));
        return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
    }
}
