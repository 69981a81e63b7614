using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

public sealed class Aes256GcmTests
{
    private const string Key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    private const string Nonce = "cafebabefacedbaddecaf888";
    private const string Plain =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    private const string Cipher =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";

    private static readonly string s_zeroKey = new('0', 64);
    private static readonly string s_zeroNonce = new('0', 24);

    // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16.
    private static IEnumerable<TestCaseData> Vectors =>
    [
        new(s_zeroKey, s_zeroNonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        new(s_zeroKey, s_zeroNonce, "", new string('0', 32), "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
        new(Key, Nonce, "", Plain + "1aafd255", Cipher + "898015ad", "b094dac5d93471bdec1a502270e3cc6c"),
        new(Key, Nonce, "feedfacedeadbeeffeedfacedeadbeefabaddad2", Plain, Cipher, "76fc6ece0f4e1768cddf8853bb2d551b"),
    ];

    [TestCaseSource(nameof(Vectors))]
    public void Encrypt_PublishedVector_SameResult(string key, string nonce, string associated, string plain, string cipher, string tag)
    {
        byte[] data = Convert.FromHexString(plain);
        byte[] computed = new byte[Aes256Gcm.TagLength];

        Aes256Gcm.Encrypt(Convert.FromHexString(key), Convert.FromHexString(nonce), Convert.FromHexString(associated), data, computed);

        Assert.That(Convert.ToHexStringLower(data), Is.EqualTo(cipher));
        Assert.That(Convert.ToHexStringLower(computed), Is.EqualTo(tag));
    }

    [TestCaseSource(nameof(Vectors))]
    public void TryDecrypt_PublishedVector_SameResult(string key, string nonce, string associated, string plain, string cipher, string tag)
    {
        byte[] result = new byte[plain.Length / 2];

        bool genuine = Aes256Gcm.TryDecrypt(
            Convert.FromHexString(key),
            Convert.FromHexString(nonce),
            Convert.FromHexString(associated),
            Convert.FromHexString(cipher),
            Convert.FromHexString(tag),
            result);

        Assert.That(genuine, Is.True);
        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(plain));
    }

    [TestCase("key")]
    [TestCase("nonce")]
    [TestCase("associated")]
    [TestCase("data")]
    [TestCase("tag")]
    public void TryDecrypt_OneBitChanged_RefusedAndNothingWrittenAndTheThreadCanGoOn(string changed)
    {
        var inputs = new Dictionary<string, byte[]>
        {
            ["key"] = Convert.FromHexString(Key),
            ["nonce"] = Convert.FromHexString(Nonce),
            ["associated"] = Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
            ["data"] = Convert.FromHexString(Cipher),
            ["tag"] = Convert.FromHexString("76fc6ece0f4e1768cddf8853bb2d551b"),
        };
        byte[] result = new byte[Cipher.Length / 2];
        bool Decrypt() =>
            Aes256Gcm.TryDecrypt(inputs["key"], inputs["nonce"], inputs["associated"], inputs["data"], inputs["tag"], result);

        inputs[changed][^1] ^= 1;
        Assert.That(Decrypt(), Is.False);
        Assert.That(result, Is.All.Zero);
        Assert.That(LibCrypto.ERR_peek_error().Value, Is.EqualTo((nuint)0));

        inputs[changed][^1] ^= 1;
        Assert.That(Decrypt(), Is.True);
        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(Plain));
    }

    [Test]
    public void Encrypt_ManyThreads_EachHasTheRightResult()
    {
        byte[] key = Convert.FromHexString(Key);
        byte[] nonce = Convert.FromHexString(Nonce);
        string expected = EncryptOnce(key, nonce);

        IEnumerable<string> results = Enumerable.Range(0, 2000).AsParallel().WithDegreeOfParallelism(8)
            .Select(_ => EncryptOnce(key, nonce));

        Assert.That(results.Distinct(), Is.EqualTo(new[] { expected }));
        Assert.That(expected, Does.StartWith(Cipher));
    }

    private static string EncryptOnce(byte[] key, byte[] nonce)
    {
        byte[] data = Convert.FromHexString(Plain);
        byte[] tag = new byte[Aes256Gcm.TagLength];
        Aes256Gcm.Encrypt(key, nonce, default, data, tag);
        return Convert.ToHexStringLower([.. data, .. tag]);
    }
}
