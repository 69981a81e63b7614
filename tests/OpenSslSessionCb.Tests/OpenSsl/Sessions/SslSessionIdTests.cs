using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

public sealed class SslSessionIdTests
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(1, 33).Select(static i => (byte)(i * 7))];

    [Test]
    public void Equals_SameBytes_EqualWithEqualHash([Range(0, 32)] int length)
    {
        var one = new SslSessionId(s_bytes.AsSpan(0, length));
        var other = new SslSessionId(s_bytes.AsSpan(0, length).ToArray());

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one == other && !(one != other) && one.Equals((object)other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
    }

    [Test]
    public void Equals_AnyByteOrTheLengthDiffers_NotEqual([Range(0, 31)] int changed)
    {
        byte[] bytes = s_bytes[..32];
        var id = new SslSessionId(bytes);
        bytes[changed] ^= 1;

        Assert.That(new SslSessionId(bytes), Is.Not.EqualTo(id));
        Assert.That(new SslSessionId(s_bytes.AsSpan(0, changed)) != id);
        Assert.That(id.Equals(new object()), Is.False);
    }

    [Test]
    public void Equals_ZeroBytesBehind_NotEqual() =>
        Assert.That(new SslSessionId([1, 0]), Is.Not.EqualTo(new SslSessionId([1])));

    [Test]
    public void Constructor_MoreThan32Bytes_Refused() =>
        Assert.That(
            static () => new SslSessionId(s_bytes), Throws.ArgumentException.With.Message.Contains("32").And.Message.Contains("33"));

    [Test]
    public void Constructor_Copies_TheCallersBytesMayChange()
    {
        byte[] bytes = [1, 2, 3];
        var id = new SslSessionId(bytes);
        bytes[0] = 9;
        id.ToArray()[0] = 9;

        Assert.That(id.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase("")]
    [TestCase("00")]
    [TestCase("0a1B2c")]
    public void Parse_Hex_RoundTrip(string hex)
    {
        var id = SslSessionId.Parse(hex);
        Assert.That(id.ToHexString(), Is.EqualTo(hex.ToLowerInvariant()));
        Assert.That((id.Length, id.IsEmpty), Is.EqualTo((hex.Length / 2, hex.Length == 0)));
    }

    [TestCase("0")]
    [TestCase("0g")]
    [TestCase("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")]
    public void Parse_NotAnId_FormatException(string text) =>
        Assert.That(() => SslSessionId.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void ToString_LongId_EightDigitsOnly()
    {
        Assert.That(new SslSessionId(s_bytes.AsSpan(0, 32)).ToString(), Is.EqualTo("070e151c"));
        Assert.That(new SslSessionId([0xab]).ToString(), Is.EqualTo("ab"));
        Assert.That(default(SslSessionId).ToString(), Is.Empty);
    }

    [Test]
    public void CopyTo_TooSmall_ArgumentException()
    {
        var id = new SslSessionId([1, 2, 3]);
        var large = new byte[4];
        id.CopyTo(large);

        Assert.That(large, Is.EqualTo(new byte[] { 1, 2, 3, 0 }));
        Assert.That(() => id.CopyTo(new byte[2]), Throws.ArgumentException);
    }
}
