using Microsoft.Extensions.Logging;
using NUnit.Framework;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A handler that throws harms nobody but itself.</summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed class HandlerFailureTests(TlsProtocolVersion version) : LeakCheckedTests
{
    private static readonly InvalidOperationException s_failure = new("the handler");

    [Test]
    public void NewCallback_HandlerThrows_HandshakeSucceedsAndItIsCounted()
    {
        using var scene = new TlsScene(version);
        var handler = new StubHandler { OnNewDo = static (_, _) => throw s_failure };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect().Dispose();

        Assert.That(attachment.FailureCount, Is.EqualTo(handler.NewCount).And.Not.Zero);
        Assert.That(attachment.LastFailure, Is.SameAs(s_failure));
    }

    [Test]
    public void GetCallback_HandlerThrows_FullHandshake()
    {
        using var scene = new TlsScene(version);
        var handler = new StubHandler { OnGetDo = static (_, _) => throw s_failure };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        using ClientSession session = scene.Connect();

        Assert.That(scene.Resumes(session), Is.False);
        Assert.That((attachment.FailureCount, attachment.LastFailure), Is.EqualTo((1, s_failure)));
    }

    [Test]
    public void RemoveCallback_HandlerThrows_ItIsCounted()
    {
        using var scene = new TlsScene(version);
        var handler = new StubHandler { OnRemoveDo = static (_, _) => throw s_failure };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
        scene.Connect(how: CloseKind.ServerFreed).Dispose();

        Assert.That((attachment.FailureCount, attachment.LastFailure), Is.EqualTo((1, s_failure)));
    }

    [Test]
    public void Logger_ManyFailures_OneLineForEachCallback()
    {
        using var scene = new TlsScene(version);
        var logger = new CollectingLogger();
        var handler = new StubHandler
        {
            OnNewDo = static (_, _) => throw s_failure,
            OnGetDo = static (_, _) => throw s_failure,
            OnRemoveDo = static (_, _) => throw s_failure,
        };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler, new SessionAttachOptions { Logger = logger });
        using (ClientSession session = scene.Connect())
        {
            scene.Resumes(session);
            scene.Connect(session, CloseKind.ServerFreed).Dispose();
            scene.Connect(session, CloseKind.ServerFreed).Dispose();
        }

        Assert.That(attachment.FailureCount, Is.EqualTo(handler.NewCount + handler.GetCount + handler.RemoveCount).And.GreaterThan(3));
        Assert.That(logger.Lines, Has.Exactly(3).Items);
        Assert.That(logger.Lines, Has.One.Contains("New").And.One.Contains("Get").And.One.Contains("Remove"));
        Assert.That(logger.Exceptions, Is.All.SameAs(s_failure));
    }

    [Test]
    public void Logger_ThrowsItself_HandshakeSucceedsAndTheFailureIsKept()
    {
        using var scene = new TlsScene(version);
        ILogger logger = new CollectingLogger(throws: true);
        var handler = new StubHandler { OnNewDo = static (_, _) => throw s_failure };
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler, new SessionAttachOptions { Logger = logger });
        scene.Connect().Dispose();

        Assert.That(attachment.LastFailure, Is.SameAs(s_failure));
    }

    [Test]
    public void BorrowedValue_MadeByNobody_ThrowsInsteadOfCrashing()
    {
        Assert.That(static () => default(SslSessionRef).Id, Throws.InvalidOperationException);
        Assert.That(static () => default(SslRef).IsResumed, Throws.InvalidOperationException);
    }
}
