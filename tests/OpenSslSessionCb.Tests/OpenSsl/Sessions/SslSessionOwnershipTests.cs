using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Who holds which reference: Adopt, Share, ToOwned, Detach, Dispose.</summary>
public sealed unsafe class SslSessionOwnershipTests : LeakCheckedTests
{
    private long _live;

    [SetUp]
    public void Count() => _live = LiveSessionCount.Now;

    [Test]
    public void Adopt_Dispose_TheSessionIsGone()
    {
        SslSession session = SslSession.Adopt((nint)LibSsl.SSL_SESSION_new());
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live + 1));
        session.Dispose();
        session.Dispose();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));
    }

    [Test]
    public void Share_Dispose_TheCallersReferenceStays()
    {
        SSL_SESSION* raw = LibSsl.SSL_SESSION_new();
        SslSession.Share((nint)raw).Dispose();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live + 1));
        LibSsl.SSL_SESSION_free(raw);
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));
    }

    [Test]
    public void Detach_TheReferenceIsTheCallers_TheObjectIsDisposed()
    {
        SSL_SESSION* raw = LibSsl.SSL_SESSION_new();
        SslSession session = SslSession.Adopt((nint)raw);
        Assert.That(session.Detach(), Is.EqualTo((nint)raw));
        session.Dispose();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live + 1));
        Assert.That(() => session.Detach(), Throws.TypeOf<ObjectDisposedException>());
        LibSsl.SSL_SESSION_free(raw);
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));
    }

    [Test]
    public void ToOwned_OutlivesTheConnectionAndTheContext()
    {
        SslSession? kept = null;
        using (var scene = new TlsScene(TlsProtocolVersion.Tls12))
        {
            using SessionAttachment attachment = SessionCallbacks.Attach(
                scene.Server, new StubHandler { OnNewDo = (_, session) => kept = session.ToOwned() });
            scene.Connect().Dispose();
        }

        Assert.That(kept!.Id.Length, Is.EqualTo(32));
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live + 1));
        kept.Dispose();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));
    }

    [Test]
    public void Forgotten_TheFinalizerFreesIt()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget() => SslSession.Adopt((nint)LibSsl.SSL_SESSION_new());
    }

    [Test]
    public void EveryMember_AfterDispose_ObjectDisposed()
    {
        SslSession session = SslSession.Adopt((nint)LibSsl.SSL_SESSION_new());
        session.Dispose();
        Action[] members =
        [
            () => _ = session.Id, () => _ = session.IdContext, () => _ = session.CreationTime, () => _ = session.Timeout,
            () => _ = session.ProtocolVersion, () => _ = session.CipherName, () => _ = session.AlpnProtocol, () => _ = session.HostName,
            () => _ = session.MaxEarlyData, () => _ = session.IsResumable, () => _ = session.TicketApplicationData,
            () => session.ExportPeerCertificate(), () => session.ToBytes(), () => session.Detach(),
        ];
        Assert.That(members, Is.All.Matches<Action>(static member => Assert.Catch(member) is ObjectDisposedException));
    }

    [Test]
    public void NullPointer_Refused()
    {
        Assert.That(static () => SslSession.Adopt(0), Throws.ArgumentNullException);
        Assert.That(static () => SslSession.Share(0), Throws.ArgumentNullException);
        Assert.That(static () => SessionReply.Found(null!), Throws.ArgumentNullException);
        Assert.That(static () => SessionReply.CopyOf(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Dispose_WhileOthersReadAndDetach_ReadOrDisposedAndNothingLeaks()
    {
        for (int i = 0; i < 2000; i++)
        {
            SslSession session = SslSession.Adopt((nint)LibSsl.SSL_SESSION_new());
            Parallel.Invoke(
                () => Try(() => _ = session.Timeout),
                () => Try(() => LibSsl.SSL_SESSION_free((SSL_SESSION*)session.Detach())),
                session.Dispose,
                () => Try(() => _ = session.CreationTime));
        }

        Assert.That(LiveSessionCount.Now, Is.EqualTo(_live));

        static void Try(Action read)
        {
            try
            {
                read();
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }
}
