using NUnit.Framework;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>libssl frees a context that is still attached.</summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed class ContextEndTests(TlsProtocolVersion version) : LeakCheckedTests
{
    [Test]
    public void Free_SessionsInside_RemoveForEachAndTheAttachmentEnds()
    {
        using var scene = new TlsScene(version, internalCache: true);
        var handler = new StubHandler();
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        scene.Connect().Dispose();
        int made = handler.NewCount;
        scene.Server.Dispose();

        Assert.That(handler.Reasons, Has.Exactly(made).Items.And.All.EqualTo(SessionRemoveReason.Unexplained));
        Assert.That(attachment.IsAttached, Is.False);
        Assert.That(attachment.Dispose, Throws.Nothing);
        Assert.That(attachment.Dispose, Throws.Nothing);
    }

    [Test]
    public void Free_OnAnotherThread_TheAttachmentEnds()
    {
        using var scene = new TlsScene(version, internalCache: true);
        var handler = new StubHandler();
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        var thread = new Thread(scene.Server.Dispose);
        thread.Start();
        thread.Join();
        attachment.Dispose();

        Assert.That(attachment.IsAttached, Is.False);
        Assert.That(handler.RemoveCount, Is.EqualTo(handler.NewCount).And.Not.Zero);
    }

    [Test]
    public void Free_ByTheFinalizer_TheAttachmentEnds()
    {
        var handler = new StubHandler();
        SessionAttachment attachment = AttachToForgottenContext(handler);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(attachment.IsAttached, Is.False);
        Assert.That(handler.RemoveCount, Is.EqualTo(handler.NewCount).And.Not.Zero);
    }

    [Test]
    public void Free_AConnectionIsAlive_CallbacksComeUntilItEnds()
    {
        using var scene = new TlsScene(version);
        var handler = new StubHandler();
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using (var pair = new TlsPair(scene.Server, scene.Client))
        {
            scene.Server.Dispose();
            Assert.That(attachment.IsAttached);
            pair.Connect();
            pair.Close(CloseKind.ServerFreed);
            Assert.That((handler.NewCount > 0, handler.RemoveCount), Is.EqualTo((true, 1)));
        }

        Assert.That(attachment.IsAttached, Is.False);
    }

    [Test]
    public void Free_WhileAnotherThreadDisposesOfTheAttachment_NeitherIsHarmed()
    {
        for (int i = 0; i < 300; i++)
        {
            using TlsContext server = TlsContext.Server((int)version);
            SessionAttachment attachment = SessionCallbacks.Attach(server, new StubHandler());
            using var both = new Barrier(2);
            var thread = new Thread(() =>
            {
                both.SignalAndWait();
                attachment.Dispose();
            });
            thread.Start();
            both.SignalAndWait();
            server.Dispose();
            thread.Join();
            Assert.That(attachment.IsAttached, Is.False);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private SessionAttachment AttachToForgottenContext(StubHandler handler)
    {
        var scene = new TlsScene(version, internalCache: true);
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        return attachment;
    }
}
