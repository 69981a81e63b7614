using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What one ClientHello may cost, however many ids it offers: libssl asks for each of them.</summary>
public sealed class HandshakeBudgetTests : LeakCheckedTests
{
    private SessionKeyRing _ring = null!;
    private SpyStore _store = null!;

    [SetUp]
    public void MakeRing()
    {
        _ring = SessionKeyRing.Generate();

        // Asked at once and without a deadline, which a busy machine may use up before the last id.
        _store = new SpyStore { Traits = SessionStoreTraits.AtomicTake | SessionStoreTraits.InProcess };
    }

    [TearDown]
    public async Task DropRing()
    {
        await _store.DisposeAsync();
        _ring.Dispose();
    }

    private SessionCacheOptions Options => new() { KeyRing = _ring };

    [Test]
    public async Task Ids_ManyGenuineOnes_FourAreLookedUp()
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        AskAll(node, GenuineIds(16));

        Assert.That((_store.Gets, node.Statistics.OverBudget), Is.EqualTo((4, 12)));
    }

    [Test]
    public async Task Ids_MoreThanSixteen_AreNotLookedAt()
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        AskAll(node, [.. Enumerable.Range(0, 1700).Select(static i => RandomId(i))]);

        Assert.That((node.Statistics.ForeignIds, node.Statistics.OverBudget, _store.Gets), Is.EqualTo((16, 1684, 0)));
    }

    [Test]
    public async Task Id_AskedForAgainInOneHandshake_MissIsRemembered()
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        byte[] id = GenuineIds(1)[0];
        AskAll(node, [id, id, id]);

        Assert.That(_store.Gets, Is.EqualTo(1));
    }

    [Test]
    public async Task Session_OfAnotherHostOfferedManyTimes_IsOneLookup()
    {
        await using var maker = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options);
        await using var node = new CacheNode(_store, LibSsl.TLS1_2_VERSION, Options);
        using ClientSession session = maker.FirstSession(hostName: "shop.example");
        await _store.WaitForWrites(1);
        byte[] id = ClientView.Id(session).ToArray();
        AskAll(node, [.. Enumerable.Repeat(id, 1700)]);

        Assert.That((_store.Gets, node.Statistics.Hits), Is.EqualTo((1, 0)));
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.OtherHostName)], Is.EqualTo(16));
    }

    [Test]
    public async Task Store_NeverAnswers_AllIdsTogetherWaitOneDeadline()
    {
        var never = new TaskCompletionSource();
        await using var store = new SpyStore { Before = () => never.Task };
        SessionCacheOptions options = Options with { LookupDeadline = TimeSpan.FromMilliseconds(50) };
        await using var node = new CacheNode(store, LibSsl.TLS1_3_VERSION, options);
        AskAll(node, GenuineIds(4));

        // Who waited for the first has nothing left to wait with.
        Assert.That((node.Statistics.Late, store.Gets), Is.EqualTo((4, 1)));
        never.SetResult();
    }

    [Test]
    public async Task Handshake_TheNextOne_HasABudgetOfItsOwn()
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        AskAll(node, GenuineIds(5));
        AskAll(node, GenuineIds(5));

        Assert.That(_store.Gets, Is.EqualTo(8));
    }

    [TestCase(false)]
    [TestCase(true, Description = "libssl does not insist on the same.")]
    public async Task SecondHello_AfterAHelloRetryRequest_GoesOnWithTheSameBudget(bool hasAnotherRandom)
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        var hello = new RawHello("shop.example") { IsTls13 = true, Identities = GenuineIds(12), HasKeyShare = false };
        byte[] random = hasAnotherRandom ? RandomId(0) : hello.Random;
        using MemoryTls server = MemoryTls.Server(node.Server.Raw);
        Say(server, hello);
        Assert.That((_store.Gets, node.Statistics.OverBudget), Is.EqualTo((4, 8)));
        Say(server, hello with { HasKeyShare = true, Random = random });

        Assert.That((_store.Gets, node.Statistics.OverBudget), Is.EqualTo((4, 20)));
    }

    [Test]
    public async Task Handshake_OfAConnectionThatItsHostUsesAgain_HasABudgetOfItsOwn()
    {
        await using var node = new CacheNode(_store, LibSsl.TLS1_3_VERSION, Options);
        using MemoryTls server = MemoryTls.Server(node.Server.Raw);
        Say(server, new RawHello("shop.example") { IsTls13 = true, Identities = GenuineIds(5) });
        UseAgain(server);
        Say(server, new RawHello("shop.example") { IsTls13 = true, Identities = GenuineIds(5) });

        Assert.That(_store.Gets, Is.EqualTo(8));
    }

    private static unsafe void UseAgain(MemoryTls server) => Assert.That(LibSsl.SSL_clear(server.Pointer), Is.EqualTo(1));

    private static void Say(MemoryTls server, RawHello hello)
    {
        byte[] message = hello.ToMessage();
        server.Receive([22, 3, 3, (byte)(message.Length >> 8), (byte)message.Length, .. message]);
        Assert.That(server.Handshake(), Is.False, "it waits for more");
    }

    private static byte[] RandomId(int seed)
    {
        var id = new byte[32];
        new Random(seed).NextBytes(id);
        return id;
    }

    private byte[][] GenuineIds(int count)
    {
        var mac = new SessionIdMac(_ring, new FarmName("default"));
        var ids = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            mac.Fill(ids[i] = new byte[32]);
        }

        return ids;
    }

    /// <summary>As libssl does, on one connection, for all that its hello offers.</summary>
    private static unsafe void AskAll(CacheNode node, byte[][] ids)
    {
        SSL* ssl = LibSsl.SSL_new(node.Server.Pointer);
        LibSsl.SSL_set_accept_state(ssl);
        delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*> get = LibSsl.SSL_CTX_sess_get_get_cb(node.Server.Pointer);
        foreach (byte[] id in ids)
        {
            int copy = 1;
            fixed (byte* start = id)
            {
                LibSsl.SSL_SESSION_free(get(ssl, start, id.Length, &copy));
            }
        }

        LibSsl.SSL_free(ssl);
    }
}
