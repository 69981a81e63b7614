using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Another component's functions, in C, were set before ours, or are set over ours.</summary>
public sealed unsafe class ChainTests : LeakCheckedTests
{
    private static delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int> s_below;
    private static int s_calls;

    [Test]
    public void Attach_OverCFunctions_BothSeeEachCallback()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using var earlier = new ReferenceCache();
        var handler = new StubHandler();
        earlier.Record();
        earlier.Attach(scene.Server);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);

        using ClientSession session = scene.Connect();
        bool resumed = scene.Resumes(session);
        scene.Connect(session, CloseKind.AlertSent).Dispose();

        Assert.That(resumed, "the handler found nothing, the C cache did");
        Assert.That((handler.NewCount, handler.GetCount, handler.RemoveCount), Is.EqualTo((1, 2, 1)));
        string[] calls =
        [
            .. earlier.Transcript.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')[0]),
        ];
        Assert.That(calls, Is.EqualTo(new[] { "new", "get", "get", "remove" }));
    }

    [Test]
    public void Get_HandlerFinds_TheCFunctionIsNotAsked()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using var earlier = new ReferenceCache();
        earlier.Record();
        earlier.Attach(scene.Server);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, new KeepingHandler());

        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session));
        Assert.That(earlier.Transcript, Does.StartWith("new").And.Not.Contain("get"));
    }

    [Test]
    public void Get_HandlerThrows_TheCFunctionIsAsked()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        using var earlier = new ReferenceCache();
        earlier.Attach(scene.Server);
        var handler = new StubHandler { OnGetDo = static (_, _) => throw new InvalidOperationException() };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);

        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session));
        Assert.That(attachment.FailureCount, Is.EqualTo(1));
    }

    [Test]
    public void Attach_Replacing_TheCFunctionsSeeNothingUntilDispose()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using var earlier = new ReferenceCache();
        earlier.Record();
        earlier.Attach(scene.Server);
        SessionCallbackPointers before = SessionCallbacks.Read(scene.Server.Raw);
        using (SessionCallbacks.Attach(scene.Server, new StubHandler(), new SessionAttachOptions { Chain = false }))
        {
            using ClientSession session = scene.Connect(how: CloseKind.ServerFreed);
            Assert.That(scene.Resumes(session), Is.False);
            Assert.That(earlier.Transcript, Is.Empty);
        }

        Assert.That(SessionCallbacks.Read(scene.Server.Raw), Is.EqualTo(before));
        scene.Connect().Dispose();
        Assert.That(earlier.Transcript, Does.StartWith("new"));
    }

    [Test]
    public void Dispose_CFunctionsWereSet_TheyAreBack()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        using var earlier = new ReferenceCache();
        earlier.Attach(scene.Server);
        SessionCallbackPointers before = SessionCallbacks.Read(scene.Server.Raw);
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, new StubHandler());
        SessionCallbackPointers during = SessionCallbacks.Read(scene.Server.Raw);
        attachment.Dispose();

        Assert.That(during.New, Is.Not.EqualTo(before.New));
        Assert.That(SessionCallbacks.Read(scene.Server.Raw), Is.EqualTo(before));
    }

    [Test]
    public void Dispose_SomebodySetTheirsOverOurs_TheirsStayAndPassThroughToWhatWasBeneath()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        using var beneath = new ReferenceCache();
        beneath.Record();
        beneath.Attach(scene.Server);
        var handler = new StubHandler();
        SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        PutOver(scene);
        attachment.Dispose();
        scene.Connect().Dispose();

        Assert.That(
            (nint)LibSsl.SSL_CTX_sess_get_new_cb(scene.Server.Pointer),
            Is.EqualTo((nint)(delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, int>)&Over));
        Assert.That((s_calls, handler.NewCount), Is.EqualTo((1, 0)));
        Assert.That(beneath.Transcript, Does.StartWith("new"));
    }

    [Test]
    public void Attach_AgainOverSomebodyWhoChainsToUs_NoCircle()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        SessionAttachment first = SessionCallbacks.Attach(scene.Server, new StubHandler());
        PutOver(scene);
        first.Dispose();
        var handler = new StubHandler();
        using SessionAttachment second = SessionCallbacks.Attach(scene.Server, handler);

        // Ours calls theirs, which calls ours: once around, and no further.
        scene.Connect().Dispose();

        Assert.That((handler.NewCount, s_calls), Is.EqualTo((1, 1)));
    }

    private static void PutOver(TlsScene scene)
    {
        s_calls = 0;
        s_below = LibSsl.SSL_CTX_sess_get_new_cb(scene.Server.Pointer);
        LibSsl.SSL_CTX_sess_set_new_cb(scene.Server.Pointer, &Over);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Over(SSL* ssl, SSL_SESSION* session)
    {
        s_calls++;
        return s_below(ssl, session);
    }
}
