using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A HelloRetryRequest makes the client say hello again, and libssl ask again.</summary>
public sealed unsafe class HelloRetryTests : LeakCheckedTests
{
    [Test]
    public void GetCallback_HelloRetryRequest_AskedTwiceAndResumed()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls13);
        var kept = new KeepingHandler();
        var asked = new List<SslSessionId>();
        var handler = new StubHandler
        {
            OnNewDo = kept.OnNew,
            OnGetDo = (ssl, id) =>
            {
                asked.Add(id);
                return kept.OnGet(ssl, id);
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();
        SetGroups(scene.Client, "P-256:P-384\0"u8);
        SetGroups(scene.Server, "P-384\0"u8);

        Assert.That(scene.Resumes(session));
        Assert.That(asked, Has.Exactly(2).Items);
        Assert.That(asked[0], Is.EqualTo(asked[1]));
        Assert.That(attachment.LastFailure, Is.Null);
    }

    private static void SetGroups(TlsContext context, ReadOnlySpan<byte> groups)
    {
        const int SSL_CTRL_SET_GROUPS_LIST = 92;
        fixed (byte* list = groups)
        {
            Assert.That(LibSsl.SSL_CTX_ctrl(context.Pointer, SSL_CTRL_SET_GROUPS_LIST, default, list).Value, Is.EqualTo((nint)1));
        }
    }
}
