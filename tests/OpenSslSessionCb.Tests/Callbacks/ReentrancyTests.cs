using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A handler that calls back into the same context from OnRemove.</summary>
public sealed unsafe class ReentrancyTests : LeakCheckedTests
{
    [Test]
    public void OnRemove_RemovesTheSessionAgain_EverybodyIsToldOnce()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using var earlier = new ReferenceCache();
        earlier.Record();
        earlier.Attach(scene.Server);
        var handler = new StubHandler
        {
            OnRemoveDo = (session, _) => LibSsl.SSL_CTX_remove_session(scene.Server.Pointer, (SSL_SESSION*)session.DangerousGetHandle()),
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((handler.RemoveCount, attachment.LastFailure), Is.EqualTo((1, (Exception?)null)));
        Assert.That(earlier.Transcript.Split('\n'), Has.One.StartsWith("remove"), "what was set before us is told once, too");
    }

    [Test]
    public void OnRemove_TwoSessionsRemoveEachOther_CalledOnce()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var sessions = new List<SslSession>();
        var handler = new StubHandler { OnNewDo = (_, session) => sessions.Add(session.ToOwned()) };
        handler.OnRemoveDo = (session, _) =>
        {
            foreach (SslSession other in sessions)
            {
                nint pointer = other.Detach();
                LibSsl.SSL_CTX_remove_session(scene.Server.Pointer, (SSL_SESSION*)pointer);
                LibSsl.SSL_SESSION_free((SSL_SESSION*)pointer);
            }
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((handler.NewCount, handler.RemoveCount, attachment.LastFailure), Is.EqualTo((2, 1, (Exception?)null)));
    }

    [Test]
    public void OnRemove_AnotherContextsSession_ItsHandlerIsTold()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using TlsContext other = scene.NewServer();
        var told = new StubHandler();
        using SessionAttachment second = SessionCallbacks.Attach(other, told);
        var handler = new StubHandler
        {
            OnRemoveDo = (session, _) => LibSsl.SSL_CTX_remove_session(other.Pointer, (SSL_SESSION*)session.DangerousGetHandle()),
        };
        using SessionAttachment first = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((handler.RemoveCount, told.RemoveCount), Is.EqualTo((1, 1)));
    }

    [Test]
    public void OnRemove_FlushesAndAdds_TheContextStaysUsable()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12, internalCache: true);
        SSL_CTX* ctx = scene.Server.Pointer;
        var handler = new StubHandler
        {
            OnRemoveDo = (session, _) =>
            {
                LibSsl.SSL_CTX_flush_sessions(ctx, new CLong(0));
                using SslSession another = SslSession.FromBytes(session.ToBytes());
                nint pointer = another.Detach();
                LibSsl.SSL_CTX_add_session(ctx, (SSL_SESSION*)pointer);
                LibSsl.SSL_SESSION_free((SSL_SESSION*)pointer);
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((handler.RemoveCount, attachment.LastFailure), Is.EqualTo((1, (Exception?)null)));
        Assert.That(LibSsl.SSL_CTX_sess_number(ctx), Is.EqualTo(1), "the one that was added");
        using ClientSession session = scene.Connect();
        Assert.That(scene.Resumes(session));
        handler.OnRemoveDo = null;
    }

    [Test]
    public void OnRemove_UnderTheContextsLock_CountersAndSettingsCanBeRead()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12, internalCache: true);
        SSL_CTX* ctx = scene.Server.Pointer;
        var seen = new List<(long Mode, long Hits)>();
        var handler = new StubHandler
        {
            OnRemoveDo = (_, _) =>
                seen.Add((LibSsl.SSL_CTX_get_session_cache_mode(ctx), LibSsl.SSL_CTX_sess_hits(ctx) + LibSsl.SSL_CTX_sess_number(ctx))),
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        scene.Connect().Dispose();
        LibSsl.SSL_CTX_flush_sessions(ctx, new CLong(0));

        Assert.That(
            seen, Has.Exactly(2).Items.And.All.Matches<(long Mode, long Hits)>(static entry => entry.Mode == LibSsl.SSL_SESS_CACHE_SERVER));
    }

    [Test]
    public void OnRemove_DisposesItsOwnAttachment_NoDeadlock()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        var handler = new StubHandler();
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        handler.OnRemoveDo = (_, _) => attachment.Dispose();
        scene.Connect(how: CloseKind.ServerFreed).Dispose();
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((handler.RemoveCount, attachment.IsAttached), Is.EqualTo((1, false)));
    }
}
