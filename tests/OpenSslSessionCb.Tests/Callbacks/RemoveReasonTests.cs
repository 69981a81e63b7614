using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Why a session is removed, as far as libssl lets one know.</summary>
public sealed unsafe class RemoveReasonTests : LeakCheckedTests
{
    [Test]
    public void Close_EachWay_SaysWhy(
        [Values(TlsProtocolVersion.Tls12, TlsProtocolVersion.Tls13)] TlsProtocolVersion version,
        [Values] CloseKind how)
    {
        using var scene = new TlsScene(version);
        var handler = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect(how: how).Dispose();

        // Up to 1.1.1 an end without close_notify is no error of libssl's: only that the session goes with the connection.
        bool endIsAlert = OpenSslLibrary.Supports(OpenSslFeature.IgnoreUnexpectedEof);
        SessionRemoveReason[] expected = how switch
        {
            CloseKind.Notify => [],
            CloseKind.ServerFreed => [SessionRemoveReason.Unexplained],
            CloseKind.TransportEnds => [endIsAlert ? SessionRemoveReason.PeerVanished : SessionRemoveReason.Unexplained],
            _ => [SessionRemoveReason.FatalAlert],
        };
        Assert.That(handler.Reasons.Take(1), Is.EqualTo(expected));
    }

    [Test]
    public void Lookup_PastItsTimeout_Expired()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12, internalCache: true);
        var handler = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using var pair = new TlsPair(scene.Server, scene.Client);
        pair.Connect();
        using ClientSession session = pair.TakeClientSession();
        SSL_SESSION* cached = LibSsl.SSL_get_session(pair.Server);
        pair.Close();
        LibSsl.SSL_SESSION_set_time(cached, new CLong(1_000_000_000));

        Assert.That(scene.Resumes(session), Is.False);
        Assert.That(handler.Reasons, Is.EqualTo(new[] { SessionRemoveReason.Expired }));
    }

    [Test]
    public void Lookup_TheHandlersOwnSessionIsPastItsTimeout_ExpiredInTls12Only(
        [Values(TlsProtocolVersion.Tls12, TlsProtocolVersion.Tls13)] TlsProtocolVersion version)
    {
        using var scene = new TlsScene(version);
        var kept = new KeepingHandler();
        var handler = new StubHandler
        {
            OnNewDo = kept.OnNew,
            OnGetDo = (_, id) =>
            {
                nint expired = SslSession.FromBytes(kept[id]).Detach();
                LibSsl.SSL_SESSION_set_time((SSL_SESSION*)expired, new CLong(1_000_000_000));
                return SessionReply.Found(SslSession.Adopt(expired));
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session), Is.False);
        SessionRemoveReason[] expected = version == TlsProtocolVersion.Tls12 ? [SessionRemoveReason.Expired] : [];
        Assert.That(handler.Reasons, Is.EqualTo(expected));
    }

    [Test]
    public void Eviction_CacheIsFull_Unexplained()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12, internalCache: true);
        LibSsl.SSL_CTX_sess_set_cache_size(scene.Server.Pointer, 1);
        var handler = new StubHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();
        scene.Connect().Dispose();

        Assert.That(handler.Reasons, Is.EqualTo(new[] { SessionRemoveReason.Unexplained }));
    }
}
