using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// What a host hangs on its sessions (ex_data) is copied by the host's dup function, which may be of stunnel's kind: it crashes
/// when there is nothing to copy.
/// </summary>
public sealed class HostDataTests : LeakCheckedTests
{
    private static readonly int s_index = Register();
    private static int s_copies;
    private static int s_copiesOfNothing;
    private static unsafe SSL* s_connection;

    [SetUp]
    public void Count() => s_copies = s_copiesOfNothing = 0;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Renewals_OfSessionsWithoutHostData_NeverCallTheHostsDupFunction(bool leavesHostData)
    {
        Assert.That(s_index, Is.Positive);
        await using var store = new MemorySessionStore();
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, new SessionCacheOptions { LeavesHostData = leavesHostData });
        ClientSession session = node.FirstSession();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(node.Connect(session, out ClientSession next), Is.True, $"renewal {i}");
            session.Dispose();
            session = next;
        }

        session.Dispose();
        Assert.That((s_copies, s_copiesOfNothing), Is.EqualTo((0, 0)));
    }

    [TestCase(true, 0)]
    [TestCase(false, 2)]
    public unsafe void Copies_OfASessionWithHostData_CarryItUnlessItIsLeft(bool leavesHostData, int copies)
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        using var pair = new TlsPair(server, client);
        pair.Connect();
        SSL_SESSION* session = LibSsl.SSL_get_session(pair.Server);
        Assert.That(LibSsl.SSL_SESSION_set_ex_data(session, s_index, (void*)1), Is.EqualTo(1));

        var connection = new SslRef(pair.Server);
        SessionPrototype prototype = SessionPrototype.CopyOf(
            new SslSessionRef(session), connection, DateTimeOffset.UtcNow, client: null, leavesHostData)!;
        var copy = (SSL_SESSION*)prototype.TryDuplicate(connection);
        nint data = (nint)LibSsl.SSL_SESSION_get_ex_data(copy, s_index);
        LibSsl.SSL_SESSION_free(copy);
        prototype.ReleaseFirst();
        pair.Close();

        Assert.That((s_copies, s_copiesOfNothing, data), Is.EqualTo((copies, 0, leavesHostData ? 0 : (nint)1)));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Session_WithHostDataWhenItIsAnnounced_DoesNotLeaveTheProcess(bool leavesHostData, bool resumesHere)
    {
        var store = new SpyStore { Traits = SessionStoreTraits.InProcess };
        var options = new SessionCacheOptions { LeavesHostData = leavesHostData };
        await using var node = new CacheNode(store, LibSsl.TLS1_2_VERSION, options, mutual: true);
        await using var other = new CacheNode(store, LibSsl.TLS1_2_VERSION, options, mutual: true);
        NoteOnSessions(node.Server);
        using ClientSession session = FirstSession(node.Server);
        using ClientSession written = other.FirstSession();
        await store.WaitForWrites(1);

        Assert.That(store.Records, Has.Count.EqualTo(1), "the other's only");
        Assert.That((node.Resumes(session), other.Resumes(session)), Is.EqualTo((resumesHere, false)));
        Assert.That(node.Statistics.NotKept, Is.EqualTo(resumesHere ? 0 : 1));
        await store.DisposeAsync();
    }

    private static unsafe ClientSession FirstSession(TlsContext server)
    {
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION, withCertificate: true);
        using var pair = new TlsPair(server, client);
        s_connection = pair.Server;
        pair.Connect();
        ClientSession session = pair.TakeClientSession();
        s_connection = null;
        pair.Close();
        return session;
    }

    private static unsafe void NoteOnSessions(TlsContext server) => LibSsl.SSL_CTX_set_verify(
        server.Pointer, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, &Note);

    /// <summary>A verify callback that does as stunnel's: it notes on the session what it thinks of the client.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Note(int isGood, X509_STORE_CTX* context)
    {
        SSL_SESSION* session = s_connection is null ? null : LibSsl.SSL_get_session(s_connection);
        return session is null ? isGood : LibSsl.SSL_SESSION_set_ex_data(session, s_index, (void*)1) == 1 ? 1 : 0;
    }

    private static unsafe int Register() => LibSsl.SSL_SESSION_get_ex_new_index(default, null, null, &Duplicate, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Duplicate(CRYPTO_EX_DATA* to, CRYPTO_EX_DATA* from, void** value, int index, CLong number, void* argument)
    {
        Interlocked.Increment(ref *value is null ? ref s_copiesOfNothing : ref s_copies);
        return 1;
    }
}
