using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// The thread's error queue is as the callbacks found it: before 4.0 SSL_get_error looks there first. The functions are called
/// here as libssl calls them, because the pair empties the queue before each step.
/// </summary>
public sealed unsafe class ErrorQueueTests : LeakCheckedTests
{
    [Test]
    public void New_HandlerLeavesErrors_OnlyTheEarlierErrorIsThere()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var handler = new StubHandler { OnNewDo = static (_, session) => LitterAround(session) };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using var pair = new TlsPair(scene.Server, scene.Client);
        pair.Connect();

        Assert.That(Called(scene, () => ((delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int>)SessionCallbacks.Read(scene.Server.Raw).New)(
            pair.Server, LibSsl.SSL_get_session(pair.Server))));
        Assert.That(handler.NewCount, Is.EqualTo(2));
        pair.Close();
    }

    [TestCase("garbage")]
    [TestCase("nothing")]
    [TestCase("exception")]
    public void Get_HandlerLeavesErrors_OnlyTheEarlierErrorIsThere(string reply)
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var handler = new StubHandler
        {
            OnGetDo = (_, _) =>
            {
                ErrorQueue.Litter();
                return reply switch
                {
                    "garbage" => SessionReply.Decode([0x30, 0x03, 1, 2, 3]),
                    "nothing" => SessionReply.NotFound,
                    _ => throw new InvalidOperationException(),
                };
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using var pair = new TlsPair(scene.Server, scene.Client);
        pair.Connect();

        Assert.That(Called(scene, () =>
        {
            byte* id = stackalloc byte[32];
            int copy = 1;
            ((delegate* unmanaged[Cdecl]<SSL*, byte*, int, int*, SSL_SESSION*>)SessionCallbacks.Read(scene.Server.Raw).Get)(
                pair.Server, id, 32, &copy);
        }));
        Assert.That(handler.GetCount, Is.EqualTo(1));
        pair.Close();
    }

    [Test]
    public void Remove_HandlerLeavesErrors_OnlyTheEarlierErrorIsThere()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var handler = new StubHandler { OnRemoveDo = static (session, _) => LitterAround(session) };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using var pair = new TlsPair(scene.Server, scene.Client);
        pair.Connect();

        Assert.That(Called(scene, () => LibSsl.SSL_CTX_remove_session(scene.Server.Pointer, LibSsl.SSL_get_session(pair.Server))));
        Assert.That(handler.RemoveCount, Is.EqualTo(1));
        pair.Close();
    }

    [Test]
    public void Handshake_HandlerLeavesErrors_TheServerSeesNone(
        [Values(TlsProtocolVersion.Tls12, TlsProtocolVersion.Tls13)] TlsProtocolVersion version)
    {
        using var scene = new TlsScene(version);
        var keeping = new KeepingHandler();
        var handler = new StubHandler
        {
            OnNewDo = (ssl, session) =>
            {
                keeping.OnNew(ssl, session);
                ErrorQueue.Litter();
            },
            OnGetDo = (ssl, id) =>
            {
                ErrorQueue.Litter();
                return keeping.OnGet(ssl, id);
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session));
        Assert.That(ErrorQueue.Drain(), Is.Empty);
    }

    [Test]
    public void Mark_Nested_EachLeavesTheQueueAsItWas()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        ulong earlier = ErrorQueue.Push(scene);
        using (ErrorMark.Set())
        {
            ErrorQueue.Litter();
            using (ErrorMark.Set())
            {
                ErrorQueue.Litter();
            }
        }

        Assert.That(ErrorQueue.Drain(), Is.EqualTo(new[] { earlier }));
    }

    // On the way a member of this library sets a mark of its own, inside the trampoline's.
    private static void LitterAround(SslSessionRef session)
    {
        ErrorQueue.Litter();
        session.ToBytes();
        ErrorQueue.Litter();
    }

    private static bool Called(TlsScene scene, Action call)
    {
        LibCrypto.ERR_clear_error();
        ulong earlier = ErrorQueue.Push(scene);
        call();
        List<ulong> after = ErrorQueue.Drain();
        return earlier != 0 && after.Count == 1 && after[0] == earlier;
    }
}
