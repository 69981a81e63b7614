using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

public sealed class LibCryptoHashTests
{
    // RFC 4231, test cases 1, 2 and 6.
    [TestCase("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [TestCase("4a656665", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [TestCase(null, "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    public void HmacSha256_PublishedVector_SameResult(string? key, string message, string expected)
    {
        byte[] keyBytes = key is null ? [.. Enumerable.Repeat((byte)0xAA, 131)] : Convert.FromHexString(key);
        byte[] result = new byte[LibCryptoHash.Length];

        LibCryptoHash.HmacSha256(keyBytes, System.Text.Encoding.ASCII.GetBytes(message), result);

        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(expected));
    }

    // FIPS 180-2, appendix B.1, and the empty message.
    [TestCase("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Sha256_PublishedVector_SameResult(string message, string expected)
    {
        byte[] result = new byte[LibCryptoHash.Length];

        LibCryptoHash.Sha256(System.Text.Encoding.ASCII.GetBytes(message), result);

        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(expected));
    }

    [Test]
    public void FillRandom_TwoBuffers_AllOfEachIsFilledAndTheyDiffer()
    {
        byte[] first = new byte[4096];
        byte[] second = new byte[4096];

        LibCryptoHash.FillRandom(first);
        LibCryptoHash.FillRandom(second);

        Assert.That(first, Is.Not.EqualTo(second));

        // In 4096 random bytes no run of 16 is zero, except once in 2^116 times.
        Assert.That(first.AsSpan().IndexOf(new byte[16]), Is.EqualTo(-1));
    }
}
