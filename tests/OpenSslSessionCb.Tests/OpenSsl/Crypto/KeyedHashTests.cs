using System.Security.Cryptography;
using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>The same as HMAC-SHA-256, whoever computes it.</summary>
public sealed class KeyedHashTests
{
    // None, within a block of the hash, at its edges, and beyond.
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(55)]
    [TestCase(56)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(1000)]
    public void Compute_AnyMessage_IsHmac(int length)
    {
        using SecretBytes key = RandomKey();
        byte[] message = RandomNumberGenerator.GetBytes(length);

        Assert.That(Compute(new KeyedHash(key), message), Is.EqualTo(HMACSHA256.HashData(key.Span, message)));
    }

    [Test]
    public void Compute_TwoKeysInTurns_EachItsOwn()
    {
        using SecretBytes first = RandomKey();
        using SecretBytes second = RandomKey();
        var hashes = (new KeyedHash(first), new KeyedHash(second));
        for (int i = 0; i < 3; i++)
        {
            byte[] message = [(byte)i];
            Assert.That(Compute(hashes.Item1, message), Is.EqualTo(HMACSHA256.HashData(first.Span, message)));
            Assert.That(Compute(hashes.Item2, message), Is.EqualTo(HMACSHA256.HashData(second.Span, message)));
        }
    }

    [Test]
    public void Compute_ManyThreadsAtOnce_EachItsOwn()
    {
        using SecretBytes key = RandomKey();
        byte[] plain = key.Span.ToArray();
        var hash = new KeyedHash(key);
        int wrong = 0;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            for (int i = 0; i < 2000; i++)
            {
                byte[] message = [(byte)thread, (byte)i, (byte)(i >> 8)];
                if (!Compute(hash, message).AsSpan().SequenceEqual(HMACSHA256.HashData(plain, message)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void Key_DisposedOf_TheHashGoesOn()
    {
        SecretBytes key = RandomKey();
        byte[] plain = key.Span.ToArray();
        var hash = new KeyedHash(key);
        key.Dispose();

        Assert.That(Compute(hash, [1, 2, 3]), Is.EqualTo(HMACSHA256.HashData(plain, (byte[])[1, 2, 3])));
    }

    [Test]
    public void Compute_ErrorQueue_IsLeftAsItWasFound()
    {
        using SecretBytes key = RandomKey();
        var hash = new KeyedHash(key);
        LibCrypto.ERR_clear_error();
        _ = Compute(hash, [1]);

        Assert.That(LibCrypto.ERR_peek_error().Value, Is.EqualTo((nuint)0));
    }

    private static SecretBytes RandomKey()
    {
        var key = new SecretBytes(LibCryptoHash.Length);
        RandomNumberGenerator.Fill(key.Span);
        return key;
    }

    private static byte[] Compute(KeyedHash hash, ReadOnlySpan<byte> message)
    {
        var result = new byte[LibCryptoHash.Length];
        hash.Compute(message, result);
        return result;
    }
}
