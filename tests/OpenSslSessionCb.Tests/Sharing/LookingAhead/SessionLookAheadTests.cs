using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// One connection, whose hello was looked at before libssl had it: what the store is asked, and what is known afterwards.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed class SessionLookAheadTests(int version) : LeakCheckedTests
{
    private static readonly ProcessAttachOptions s_anyHost = new() { RequireSslStream = false };

    private SpyStore _store = null!;
    private SessionKeyRing _keys = null!;
    private SessionCache _cache = null!;
    private ProcessAttachment _attachment = null!;
    private TlsContext _server = null!;
    private TlsContext _client = null!;

    [SetUp]
    public void MakeCache()
    {
        _store = new SpyStore();
        _keys = SessionKeyRing.Generate();
        _cache = MakeCache(_store);
        _attachment = _cache.AttachToProcess(s_anyHost);
        _server = TlsContext.Server(version);
        _client = TlsContext.Client(version);
    }

    [TearDown]
    public async Task DisposeOfAll()
    {
        _server.Dispose();
        _client.Dispose();
        _attachment.Dispose();
        await _cache.DisposeAsync();
        await _store.DisposeAsync();
        _keys.Dispose();
        Assert.That(WatchedConnections.Count, Is.Zero, "connections that are still watched");
    }

    [Test]
    public async Task WhoIsTold_LeavesErrors_TheHandshakeSeesNone()
    {
        using var pair = new WatchedPair(_server, _client, _cache, whenDone: ErrorQueue.Litter);
        await pair.ConnectAsync();

        Assert.That(pair.Announced, Is.EqualTo(1));
        Assert.That(pair.Server.LeavesErrors, Is.False);
    }

    [Test]
    public async Task Store_IsAskedBeforeTheHandshake_AndNotInIt()
    {
        using ClientSession session = await FirstSessionAsync();
        using var pair = new WatchedPair(_server, _client, _cache, session);

        await pair.LookAsync();
        Assert.That(_store.Gets, Is.EqualTo(1));
        pair.Finish();

        Assert.That(_store.Gets, Is.EqualTo(1));
        Assert.That((pair.Server.Resumed, pair.LookAhead.Resumed, pair.Announced), Is.EqualTo((true, (bool?)true, 1)));
        Assert.That(pair.LookAhead.HandshakeDuration, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task Resumed_FullHandshake_IsFalseAtItsEndAndNotBefore()
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        await pair.LookAsync();
        Assert.That((pair.LookAhead.Resumed, pair.LookAhead.HandshakeDuration), Is.EqualTo(((bool?)null, (TimeSpan?)null)));
        pair.Finish();

        Assert.That((pair.LookAhead.Resumed, pair.Announced), Is.EqualTo(((bool?)false, 1)));
        Assert.That(_store.Gets, Is.Zero, "a random id and none are not worth a question");
    }

    [Test]
    public async Task Resumed_AfterAHelloRetryRequest_IsKnownAndTheStoreIsAskedOnce()
    {
        if (version != LibSsl.TLS1_3_VERSION)
        {
            Assert.Ignore("There is none before TLS 1.3.");
        }

        using ClientSession session = await FirstSessionAsync();
        SetGroups(_client, "P-256:P-384\0"u8);
        SetGroups(_server, "P-384\0"u8);
        using var pair = new WatchedPair(_server, _client, _cache, session);
        await pair.ConnectAsync();

        Assert.That((pair.Server.Resumed, pair.LookAhead.Resumed, pair.Announced), Is.EqualTo((true, (bool?)true, 1)));
        Assert.That(_store.Gets, Is.EqualTo(1));
    }

    [Test]
    public async Task Resumed_OfAContextThatDoesNotShare_IsKnownToo()
    {
        _attachment.Dispose();
        using ProcessAttachment filtering = _cache.AttachToProcess(s_anyHost with { Filter = static _ => false });
        using TlsContext server = TlsContext.Server(version);
        ClientSession session;
        using (var first = new WatchedPair(server, _client, _cache))
        {
            await first.ConnectAsync();
            Assert.That(first.LookAhead.Resumed, Is.False);
            session = first.TakeSession();
        }

        using var pair = new WatchedPair(server, _client, _cache, session);
        await pair.ConnectAsync();
        session.Dispose();
        Assert.That((pair.Server.Resumed, pair.LookAhead.Resumed), Is.EqualTo((true, (bool?)true)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task InfoCallback_OfTheHost_IsLeftToItAndNothingIsKnown(bool onContext)
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        nint hosts = SetInfoCallback(onContext ? _server : null, pair);
        await pair.ConnectAsync();

        Assert.That(pair.Server.Resumed, Is.False);
        Assert.That(pair.LookAhead.Resumed, Is.Null);
        Assert.That(InfoCallback(onContext ? _server : null, pair), Is.EqualTo(hosts));
        ClearInfoCallback(_server);
    }

    [Test]
    public async Task InfoCallback_OnAConnection_IsTakenBackWhenTheHandshakeIsDone()
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        await pair.LookAsync();
        pair.Finish();
        Assert.That(InfoCallback(null, pair), Is.EqualTo((nint)0));
    }

    [Test]
    public async Task Connection_ThatDiesInItsHandshake_IsForgotten()
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        pair.Client.Handshake();
        byte[] hello = pair.Client.Send();
        await pair.LookAhead.LookAsync(new ReadOnlySequence<byte>(hello));
        using (MemoryTls server = MemoryTls.Server(_server.Raw))
        {
            server.Receive(hello);
            server.Handshake();
            Assert.That(WatchedConnections.Count, Is.EqualTo(1));
        }

        Assert.That(WatchedConnections.Count, Is.Zero);
        Assert.That(pair.LookAhead.Resumed, Is.Null);
    }

    [Test]
    public async Task Random_ThatSomebodyRepeats_LeavesBothUnknown()
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        byte[] hello = await pair.LookAsync();
        var copy = new SessionLookAhead(_cache);
        await copy.LookAsync(new ReadOnlySequence<byte>(hello));
        pair.Finish();

        Assert.That((pair.LookAhead.Resumed, copy.Resumed), Is.EqualTo(((bool?)null, (bool?)null)));
    }

    [Test]
    public async Task Hellos_ThatNeverComeToLibSsl_AreForgotten()
    {
        byte[] hello = RecordedHello.Of(_client);
        for (int i = 0; i < 20_000; i++)
        {
            BitConverter.TryWriteBytes(hello.AsSpan(11), i);
            await new SessionLookAhead(_cache).LookAsync(new ReadOnlySequence<byte>(hello));
        }

        Assert.That(WatchedHellos.Count, Is.LessThanOrEqualTo(2 * 8192).And.GreaterThan(8191));
    }

    [Test]
    public async Task LookAsync_CancelledWhileTheStoreIsAsked_ThrowsAndLetsTheBytesPass()
    {
        using ClientSession session = await FirstSessionAsync();
        var answer = new TaskCompletionSource();
        _store.Before = () => answer.Task;
        var lookAhead = new SessionLookAhead(_cache);
        using var cancellation = new CancellationTokenSource();
        ValueTask<bool> looking = lookAhead.LookAsync(new ReadOnlySequence<byte>(RecordedHello.Of(_client, session)), cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await looking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(lookAhead.IsDone);
        answer.SetResult();
    }

    private SessionCache MakeCache(SpyStore store) => new(store, new SessionCacheOptions
    {
        KeyRing = _keys,
        NearCacheCapacity = 0,
        LookupDeadline = TimeSpan.FromSeconds(1),
        LeaveStoreOpen = true,
    });

    private async Task<ClientSession> FirstSessionAsync()
    {
        using var pair = new WatchedPair(_server, _client, _cache);
        await pair.ConnectAsync();
        await _store.WaitForWrites(1);
        return pair.TakeSession();
    }

    private static unsafe nint SetInfoCallback(TlsContext? context, WatchedPair pair)
    {
        delegate* unmanaged[Cdecl]<SSL*, int, int, void> callback = &Ignore;
        if (context is not null)
        {
            LibSsl.SSL_CTX_set_info_callback(context.Pointer, callback);
        }
        else
        {
            LibSsl.SSL_set_info_callback(pair.Server.Pointer, callback);
        }

        return (nint)callback;
    }

    private static unsafe nint InfoCallback(TlsContext? context, WatchedPair pair) =>
        (nint)(context is not null ? LibSsl.SSL_CTX_get_info_callback(context.Pointer) : LibSsl.SSL_get_info_callback(pair.Server.Pointer));

    private static unsafe void ClearInfoCallback(TlsContext context) => LibSsl.SSL_CTX_set_info_callback(context.Pointer, null);

    private static unsafe void SetGroups(TlsContext context, ReadOnlySpan<byte> groups)
    {
        const int SSL_CTRL_SET_GROUPS_LIST = 92;
        fixed (byte* list = groups)
        {
            Assert.That(LibSsl.SSL_CTX_ctrl(context.Pointer, SSL_CTRL_SET_GROUPS_LIST, default, list).Value, Is.EqualTo((nint)1));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void Ignore(SSL* ssl, int where, int value)
    {
    }
}
