using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// SNI switches a connection to another context. libssl keeps calling the functions of the first, and shows the second: the handler
/// is found on the second, from the moment of the switch.
/// </summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed unsafe class ServerNameTests(TlsProtocolVersion version) : LeakCheckedTests
{
    public enum Switch
    {
        /// <summary>Before the get callback.</summary>
        ClientHelloCallback,

        /// <summary>After it.</summary>
        ServerNameCallback,
    }

    [Test]
    public void Switch_ToAContextOfAnotherHandler_NewComesToThatOne([Values] Switch how)
    {
        using var scene = new TlsScene(version);
        using TlsContext second = scene.NewServer();
        var onFirst = new KeepingHandler();
        var onSecond = new KeepingHandler();
        using SessionAttachment a = SessionCallbacks.Attach(scene.Server, onFirst);
        using SessionAttachment b = SessionCallbacks.Attach(second, onSecond);
        SwitchTo(scene.Server, second, how);
        scene.Connect().Dispose();

        Assert.That(onFirst.Count, Is.Zero);
        Assert.That(onSecond.Count, Is.Not.Zero);
    }

    [Test]
    public void Switch_ToAContextOfAnotherHandler_NoSessionCrosses([Values] Switch how)
    {
        using var scene = new TlsScene(version);
        using TlsContext second = scene.NewServer();
        using SessionAttachment a = SessionCallbacks.Attach(scene.Server, new KeepingHandler());
        using SessionAttachment b = SessionCallbacks.Attach(second, new KeepingHandler());
        using ClientSession ofFirst = scene.Connect();
        SwitchTo(scene.Server, second, how);
        using ClientSession ofSecond = scene.Connect();

        // The get callback comes after the one switch and before the other, and asks whoever is in charge by then.
        bool asksSecond = how == Switch.ClientHelloCallback;
        Assert.That(scene.Resumes(ofSecond), Is.EqualTo(asksSecond));
        Assert.That(scene.Resumes(ofFirst), Is.EqualTo(!asksSecond));
        SwitchTo(scene.Server, scene.Server, how);
        Assert.That(scene.Resumes(ofSecond), Is.False, "the second context's session on the first");
    }

    [Test]
    public void Switch_ToAContextThatIsNotAttached_FullHandshakeAndItIsCounted([Values] Switch how)
    {
        using var scene = new TlsScene(version);
        using TlsContext second = scene.NewServer();
        var handler = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession offer = scene.Connect();
        int before = handler.NewCount;
        SwitchTo(scene.Server, second, how);
        long unattached = SessionCallbacks.UnattachedCallbackCount;
        bool resumed = scene.Resumes(offer);

        Assert.That(resumed, Is.False);
        Assert.That(handler.NewCount, Is.EqualTo(before));
        int expected = (how == Switch.ClientHelloCallback ? 1 : 0) + before;
        Assert.That(
            SessionCallbacks.UnattachedCallbackCount - unattached, Is.EqualTo(expected), "get, where the switch came first, and each new");
    }

    [Test]
    public void Switch_ToAContextThatTookOtherCallbacks_ItsHandlerSeesOnlyThose()
    {
        using var scene = new TlsScene(version);
        using TlsContext second = scene.NewServer();
        var onSecond = new StubHandler();
        using SessionAttachment a = SessionCallbacks.Attach(scene.Server, new StubHandler());
        using SessionAttachment b = SessionCallbacks.Attach(
            second, onSecond, new SessionAttachOptions { Kinds = SessionCallbackKinds.Get });
        using ClientSession offer = scene.Connect();
        SwitchTo(scene.Server, second, Switch.ClientHelloCallback);
        scene.Resumes(offer);

        Assert.That((onSecond.NewCount, onSecond.GetCount), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Switch_ThenAFatalAlert_RemoveComesToTheFirst()
    {
        using var scene = new TlsScene(version);
        using TlsContext second = scene.NewServer();
        var onFirst = new StubHandler();
        var onSecond = new StubHandler();
        using SessionAttachment a = SessionCallbacks.Attach(scene.Server, onFirst);
        using SessionAttachment b = SessionCallbacks.Attach(second, onSecond);
        SwitchTo(scene.Server, second, Switch.ServerNameCallback);
        scene.Connect(how: CloseKind.AlertSent).Dispose();

        Assert.That((onFirst.RemoveCount, onSecond.RemoveCount), Is.EqualTo((1, 0)));
    }

    private static void SwitchTo(TlsContext from, TlsContext to, Switch how)
    {
        if (how == Switch.ClientHelloCallback)
        {
            LibSsl.SSL_CTX_set_client_hello_cb(from.Pointer, &OnClientHello, to.Pointer);
        }
        else
        {
            LibSsl.SSL_CTX_set_tlsext_servername_callback(from.Pointer, &OnServerName);
            LibSsl.SSL_CTX_set_tlsext_servername_arg(from.Pointer, to.Pointer);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerName(SSL* ssl, int* alert, void* to)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, (SSL_CTX*)to);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClientHello(SSL* ssl, int* alert, void* to)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, (SSL_CTX*)to);
        return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
    }
}
