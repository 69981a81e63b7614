using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What attaching sets, what the getters read back, and what is refused.</summary>
public sealed unsafe class AttachTests : LeakCheckedTests
{
    [Test]
    public void Attach_AnySubset_ThoseAndOnlyThoseAreSetAndCalled([Range(1, 7)] int kinds)
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var handler = new StubHandler();
        var asked = (SessionCallbackKinds)kinds;
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler, new SessionAttachOptions { Kinds = asked });

        SessionCallbackPointers set = SessionCallbacks.Read(scene.Server.Raw);
        using (ClientSession session = scene.Connect(how: CloseKind.ServerFreed))
        {
            scene.Resumes(session);
        }

        Assert.Multiple(() =>
        {
            Assert.That(set.New != 0, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.New)));
            Assert.That(set.Get != 0, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.Get)));
            Assert.That(set.Remove != 0, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.Remove)));
            Assert.That(handler.NewCount, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.New) ? 2 : 0));
            Assert.That(handler.GetCount, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.Get) ? 1 : 0));
            Assert.That(handler.RemoveCount, Is.EqualTo(asked.HasFlag(SessionCallbackKinds.Remove) ? 1 : 0));
        });
    }

    [Test]
    public void Read_Attached_IsWhatTheThreeGettersSay()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        SSL_CTX* ctx = scene.Server.Pointer;
        SessionCallbackPointers before = SessionCallbacks.Read(scene.Server.Raw);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server.Raw, new StubHandler());
        SessionCallbackPointers after = SessionCallbacks.Read(scene.Server.Raw);

        Assert.That(before, Is.EqualTo(default(SessionCallbackPointers)));
        Assert.That(after.New, Is.EqualTo((nint)LibSsl.SSL_CTX_sess_get_new_cb(ctx)).And.Not.EqualTo((nint)0));
        Assert.That(after.Get, Is.EqualTo((nint)LibSsl.SSL_CTX_sess_get_get_cb(ctx)).And.Not.EqualTo((nint)0));
        Assert.That(after.Remove, Is.EqualTo((nint)LibSsl.SSL_CTX_sess_get_remove_cb(ctx)).And.Not.EqualTo((nint)0));
    }

    [Test]
    public void Attach_Twice_RefusedAndTheFirstStays()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        var first = new StubHandler();
        var second = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, first);

        Assert.That(() => SessionCallbacks.Attach(scene.Server, second), Throws.InvalidOperationException);
        scene.Connect().Dispose();

        Assert.That(attachment.IsAttached);
        Assert.That((first.NewCount, second.NewCount), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Dispose_ThenAttachAgain_OnlyTheNewHandlerIsCalled()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        var first = new StubHandler();
        var second = new StubHandler();
        SessionAttachment old = SessionCallbacks.Attach(scene.Server, first);
        scene.Connect().Dispose();
        old.Dispose();
        scene.Connect().Dispose();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, second);
        old.Dispose();
        scene.Connect().Dispose();

        Assert.That((first.NewCount, second.NewCount), Is.EqualTo((1, 1)));
        Assert.That((old.IsAttached, attachment.IsAttached), Is.EqualTo((false, true)));
    }

    [Test]
    public void Attach_AnotherKindThanBefore_TheInertFunctionStaysInert()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        SessionCallbacks.Attach(scene.Server, new StubHandler(), new SessionAttachOptions { Kinds = SessionCallbackKinds.New }).Dispose();
        var handler = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(
            scene.Server, handler, new SessionAttachOptions { Kinds = SessionCallbackKinds.Get });
        scene.Connect().Dispose();

        Assert.That(handler.NewCount, Is.Zero);
        Assert.That(SessionCallbacks.Read(scene.Server.Raw).New, Is.EqualTo((nint)0));
    }

    [Test]
    public void Dispose_NothingWasSet_InertUntilClear()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, new StubHandler());
        SessionCallbacks.Clear(scene.Server.Raw);
        bool clearedWhileAttached = LibSsl.SSL_CTX_sess_get_new_cb(scene.Server.Pointer) is null;
        attachment.Dispose();
        bool leftNull = LibSsl.SSL_CTX_sess_get_new_cb(scene.Server.Pointer) is null;
        SessionCallbackPointers read = SessionCallbacks.Read(scene.Server.Raw);
        using (ClientSession session = scene.Connect())
        {
            Assert.That(scene.Resumes(session), Is.False);
        }

        SessionCallbacks.Clear(scene.Server.Raw);

        Assert.That((clearedWhileAttached, leftNull), Is.EqualTo((false, false)));
        Assert.That(read, Is.EqualTo(default(SessionCallbackPointers)));
        Assert.That((nint)LibSsl.SSL_CTX_sess_get_new_cb(scene.Server.Pointer), Is.EqualTo((nint)0));
        Assert.That((nint)LibSsl.SSL_CTX_sess_get_get_cb(scene.Server.Pointer), Is.EqualTo((nint)0));
        Assert.That((nint)LibSsl.SSL_CTX_sess_get_remove_cb(scene.Server.Pointer), Is.EqualTo((nint)0));
    }

    [Test]
    public void Attach_NullPointerHandlerOrHandle_ArgumentNull()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        Assert.That(() => SessionCallbacks.Attach(0, new StubHandler()), Throws.ArgumentNullException);
        Assert.That(() => SessionCallbacks.Attach(scene.Server.Raw, null!), Throws.ArgumentNullException);
        Assert.That(() => SessionCallbacks.Attach((SafeHandle)null!, new StubHandler()), Throws.ArgumentNullException);
        Assert.That(() => SessionCallbacks.Read(0), Throws.ArgumentNullException);
        Assert.That(() => SessionCallbacks.Clear(0), Throws.ArgumentNullException);
        Assert.That(SessionCallbacks.Read(scene.Server.Raw), Is.EqualTo(default(SessionCallbackPointers)));
    }

    [Test]
    public void Attach_ClosedHandle_ObjectDisposed()
    {
        TlsContext closed = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        closed.Dispose();
        Assert.That(() => SessionCallbacks.Attach(closed, new StubHandler()), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase(SessionCallbackKinds.None)]
    [TestCase((SessionCallbackKinds)8)]
    public void Attach_NoSuchCallback_Refused(SessionCallbackKinds kinds)
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        Assert.That(
            () => SessionCallbacks.Attach(scene.Server, new StubHandler(), new SessionAttachOptions { Kinds = kinds }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
