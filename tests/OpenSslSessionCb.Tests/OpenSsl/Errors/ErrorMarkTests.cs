using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>An exception gives as its reason what its own call has put into the queue, and nothing older.</summary>
public sealed class ErrorMarkTests
{
    [SetUp]
    [TearDown]
    public void Clear() => LibCrypto.ERR_clear_error();

    [Test]
    public void ThrowIfFailed_CallGaveNoReasonAndAnOlderErrorIsThere_NamesNone()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        Assert.That(ErrorQueue.Push(scene), Is.Not.Zero);
        OpenSslException exception = Assert.Throws<OpenSslException>(static () => Fail(static () => { }));

        Assert.That(exception.Error, Is.Null);
        Assert.That(exception.Message, Is.EqualTo("SSL_something failed."));
    }

    [Test]
    public void ThrowIfFailed_CallGaveAReason_NamesItAndTheQueueIsAsItWas()
    {
        using var scene = new TlsScene(TlsProtocolVersion.Tls12);
        ulong older = ErrorQueue.Push(scene);
        OpenSslException exception = Assert.Throws<OpenSslException>(static () => Fail(ErrorQueue.Litter));

        Assert.That(exception.Error?.Code, Is.Not.Null.And.Not.EqualTo(older));
        Assert.That(ErrorQueue.Drain(), Is.EqualTo(new[] { older }));
    }

    [TestCase(0, false)]
    [TestCase(-1, false)]
    [TestCase(1, true)]
    [TestCase(32, true)]
    public void ThrowIfFailed_AnyResult_PositiveIsSuccess(int result, bool succeeds) =>
        Assert.That(() => Check(result), succeeds ? Throws.Nothing : Throws.TypeOf<OpenSslException>());

    private static void Fail(Action call)
    {
        using ErrorMark mark = ErrorMark.Set();
        call();
        OpenSslException.ThrowIfFailed(0, mark, "LibSsl.SSL_something(ctx)");
    }

    private static void Check(int result)
    {
        using ErrorMark mark = ErrorMark.Set();
        OpenSslException.ThrowIfFailed(result, mark);
    }
}
