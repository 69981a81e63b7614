using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a handler may answer in the get callback, and what becomes of what it gave.</summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed unsafe class GetReplyTests(TlsProtocolVersion version) : LeakCheckedTests
{
    [Test]
    public void Found_OwnedSession_ResumedAndTheObjectIsDisposed()
    {
        using var scene = new TlsScene(version);
        var handler = new KeepingHandler();
        SslSession? given = null;
        var giver = new StubHandler
        {
            OnNewDo = handler.OnNew,
            OnGetDo = (_, id) => SessionReply.Found(given = SslSession.FromBytes(handler[id], id)),
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, giver);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session));
        Assert.That(() => given!.Id, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(attachment.LastFailure, Is.Null);
    }

    [Test]
    public void Found_TheSameObjectTwice_SecondIsAFullHandshake()
    {
        using var scene = new TlsScene(version);
        SslSession? kept = null;
        var handler = new StubHandler
        {
            OnNewDo = (_, session) => kept ??= session.ToOwned(),
            OnGetDo = (_, _) => SessionReply.Found(kept!),
        };
        LibSsl.SSL_CTX_set_num_tickets(scene.Server.Pointer, 1);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session));
        Assert.That(scene.Resumes(session), Is.False);
        Assert.That(attachment.LastFailure, Is.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void CopyOf_TwoConnectionsAtOnce_BothResumeAndTheObjectStays()
    {
        using var scene = new TlsScene(version);
        SslSession? kept = null;
        var handler = new StubHandler
        {
            OnNewDo = (_, session) => kept ??= session.ToOwned(),
            OnGetDo = (_, _) => SessionReply.CopyOf(kept!),
        };
        LibSsl.SSL_CTX_set_num_tickets(scene.Server.Pointer, 1);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        using var first = new TlsPair(scene.Server, scene.Client, session);
        using var second = new TlsPair(scene.Server, scene.Client, session);
        first.Connect();
        second.Connect();

        Assert.That((first.Resumed, second.Resumed), Is.EqualTo((true, true)));
        Assert.That(kept!.IsResumable);

        // A bad close spoils the connection's copy, and not the object.
        first.Close(CloseKind.AlertSent);
        second.Close();
        Assert.That(kept.IsResumable);
        kept.Dispose();
    }

    [Test]
    public void CopyOf_ManyConnectionsOnManyThreads_AllResume()
    {
        using var scene = new TlsScene(version);
        SslSession? kept = null;
        var handler = new StubHandler
        {
            OnNewDo = (_, session) => Interlocked.CompareExchange(ref kept, kept ?? session.ToOwned(), null),
            OnGetDo = (_, _) => SessionReply.CopyOf(kept!),
        };
        LibSsl.SSL_CTX_set_num_tickets(scene.Server.Pointer, 1);
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();
        int resumed = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            if (scene.Resumes(session))
            {
                Interlocked.Increment(ref resumed);
            }
        });

        Assert.That(resumed, Is.EqualTo(200));
        Assert.That(attachment.LastFailure, Is.Null);
        kept!.Dispose();
    }

    [TestCase("garbage")]
    [TestCase("trailing")]
    [TestCase("truncated")]
    [TestCase("too long")]
    [TestCase("another id")]
    [TestCase("not resumable")]
    [TestCase("no cipher")]
    public void Reply_Unusable_FullHandshakeAndItIsCounted(string kind)
    {
        using var scene = new TlsScene(version);
        var kept = new KeepingHandler();
        var handler = new StubHandler { OnNewDo = kept.OnNew, OnGetDo = (_, id) => Spoilt(kind, kept, id) };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session), Is.False);
        Assert.That((handler.GetCount, attachment.FailureCount), Is.EqualTo((1, 1)));
        Assert.That(attachment.LastFailure, Is.TypeOf<InvalidOperationException>().With.Message.Contains("not used"));
        Assert.That(ErrorQueue.Drain(), Is.Empty);
    }

    [Test]
    public void Reply_ExpiredSession_FullHandshake([Values] bool updateTime)
    {
        using var scene = new TlsScene(version);

        // From 3.0 libssl itself would put the time forward before it looks, and resume.
        int renews = updateTime ? LibSsl.SSL_SESS_CACHE_UPDATE_TIME : 0;
        LibSsl.SSL_CTX_set_session_cache_mode(
            scene.Server.Pointer, LibSsl.SSL_SESS_CACHE_SERVER | LibSsl.SSL_SESS_CACHE_NO_INTERNAL_LOOKUP | renews);
        var kept = new KeepingHandler();
        var handler = new StubHandler
        {
            OnNewDo = kept.OnNew,
            OnGetDo = (_, id) =>
            {
                SslSession expired = SslSession.FromBytes(kept[id]);
                nint pointer = expired.Detach();
                LibSsl.SSL_SESSION_set_time((SSL_SESSION*)pointer, new CLong(1_000_000_000));
                return SessionReply.Found(SslSession.Adopt(pointer));
            },
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session), Is.False);
        Assert.That((handler.GetCount, attachment.FailureCount), Is.EqualTo((1, 0)));
    }

    private static SessionReply Spoilt(string kind, KeepingHandler kept, SslSessionId id)
    {
        byte[] good = kept[id];
        switch (kind)
        {
            case "garbage":
                return SessionReply.Decode(new byte[] { 1, 2, 3 });
            case "trailing":
                return SessionReply.Decode((byte[])[.. good, 0]);
            case "truncated":
                return SessionReply.Decode(good.AsSpan(0, good.Length - 1));
            case "too long":
                return SessionReply.Decode(new byte[SslSessionCodec.MaxEncodedLength + 1]);
            case "another id":
                nint renamed = SslSession.FromBytes(good).Detach();
                byte other = (byte)~id.ToArray()[0];
                LibSsl.SSL_SESSION_set1_id((SSL_SESSION*)renamed, &other, 1);
                return SessionReply.Found(SslSession.Adopt(renamed));
            case "not resumable":
                // Removing a session that is in no cache has one effect: it is marked.
                nint marked = SslSession.FromBytes(good).Detach();
                SSL_CTX* context = LibSsl.SSL_CTX_new(LibSsl.TLS_server_method());
                LibSsl.SSL_CTX_remove_session(context, (SSL_SESSION*)marked);
                LibSsl.SSL_CTX_free(context);
                return SessionReply.Found(SslSession.Adopt(marked));
            default:
                SSL_SESSION* empty = LibSsl.SSL_SESSION_new();
                fixed (byte* bytes = id.ToArray())
                {
                    LibSsl.SSL_SESSION_set1_id(empty, bytes, (uint)id.Length);
                }

                return SessionReply.Found(SslSession.Adopt((nint)empty));
        }
    }
}
