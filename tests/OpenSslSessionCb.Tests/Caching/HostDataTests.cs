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

    private static unsafe int Register() => LibSsl.SSL_SESSION_get_ex_new_index(default, null, null, &Duplicate, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Duplicate(CRYPTO_EX_DATA* to, CRYPTO_EX_DATA* from, void** value, int index, CLong number, void* argument)
    {
        Interlocked.Increment(ref *value is null ? ref s_copiesOfNothing : ref s_copies);
        return 1;
    }
}
