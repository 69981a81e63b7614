using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Bytes in and out. Whatever the bytes are, libcrypto's error queue is left as it was.</summary>
public sealed unsafe class SslSessionBytesTests : LeakCheckedTests
{
    private TlsScene _scene = null!;
    private byte[] _good = null!;
    private SslSessionId _id;

    [SetUp]
    public void Capture()
    {
        _scene = new TlsScene(TlsProtocolVersion.Tls13, mutual: true);
        var kept = new KeepingHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(_scene.Server, kept);
        _scene.Connect().Dispose();
        _id = kept.Ids.First();
        _good = kept[_id];
        LibCrypto.ERR_clear_error();
    }

    [TearDown]
    public void End() => _scene.Dispose();

    [Test]
    public void FromBytes_ToBytes_SameBytes()
    {
        using SslSession session = SslSession.FromBytes(_good, _id);
        Assert.That(session.ToBytes(), Is.EqualTo(_good));
        Assert.That(session.Id, Is.EqualTo(_id));
    }

    [Test]
    public void FromBytes_EveryTruncation_Refused()
    {
        for (int length = 0; length < _good.Length; length++)
        {
            ThrowsAndKeepsTheQueue(_good.AsSpan(0, length));
        }
    }

    [TestCase(1)]
    [TestCase(1000)]
    public void FromBytes_TrailingBytes_Refused(int count) => ThrowsAndKeepsTheQueue([.. _good, .. new byte[count]]);

    [TestCase(SslSessionCodec.MaxEncodedLength)]
    [TestCase(SslSessionCodec.MaxEncodedLength + 1)]
    [TestCase(10_000_000)]
    public void FromBytes_Oversized_Refused(int length)
    {
        var large = new byte[length];
        _good.CopyTo(large, 0);
        ThrowsAndKeepsTheQueue(large);
    }

    [Test]
    public void FromBytes_AnotherId_RefusedAndNothingLeaks()
    {
        long before = LiveSessionCount.Now;
        Assert.That(
            () => SslSession.FromBytes(_good, new SslSessionId([1, 2, 3])),
            Throws.TypeOf<OpenSslException>().With.Message.Contains("another id"));
        Assert.That(LiveSessionCount.Now, Is.EqualTo(before));
    }

    [Test]
    public void FromBytes_Garbage_RefusedWithLibsslsReason()
    {
        OpenSslException? exception = Assert.Throws<OpenSslException>(static () => SslSession.FromBytes([0x30, 0x02, 1, 1]));
        Assert.That(exception!.Error, Is.Not.Null);
        Assert.That(exception.Message, Does.Contain(exception.Error!.Value.Message));
        Assert.That(ErrorQueue.Drain(), Is.Empty);
    }

    [Test]
    public void FromBytes_UnknownCipher_Refused()
    {
        // The two bytes of the cipher: an OCTET STRING of length 2 behind the version.
        int cipher = _good.AsSpan().IndexOf("\u0004\u0002\u0013"u8);
        Assert.That(cipher, Is.Positive);
        byte[] unknown = [.. _good];
        unknown[cipher + 2] = 0xEE;
        ThrowsAndKeepsTheQueue(unknown);
    }

    [Test]
    public void FromBytes_AnyByteChanged_ASessionOrAnExceptionAndNoError()
    {
        var random = new Random(20261122);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. _good];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using SslSession session = SslSession.FromBytes(changed);
                _ = (session.Id, session.CreationTime, session.Timeout, session.CipherName, session.HostName, session.IsResumable);
                _ = session.ExportPeerCertificate();
            }
            catch (OpenSslException)
            {
            }
        }

        Assert.That(ErrorQueue.Drain(), Is.Empty);
    }

    [Test]
    public void ToBytes_NoCipher_Refused()
    {
        using SslSession empty = SslSession.Adopt((nint)LibSsl.SSL_SESSION_new());
        Assert.That(empty.ToBytes, Throws.TypeOf<OpenSslException>());
        Assert.That(ErrorQueue.Drain(), Is.Empty);
    }

    private void ThrowsAndKeepsTheQueue(ReadOnlySpan<byte> bytes)
    {
        ulong earlier = ErrorQueue.Push(_scene);
        byte[] copy = bytes.ToArray();
        Assert.That(() => SslSession.FromBytes(copy), Throws.TypeOf<OpenSslException>());
        Assert.That(ErrorQueue.Drain(), Is.EqualTo(new[] { earlier }));
    }
}
