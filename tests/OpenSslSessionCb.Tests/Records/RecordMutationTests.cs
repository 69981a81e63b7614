using CsCheck;
using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>What a store, or whoever has taken it over, could do to a record.</summary>
public sealed class RecordMutationTests
{
    private const int Samples = 40_000;

    private readonly byte[] _session = [.. Enumerable.Range(1, 130).Select(value => (byte)value)];
    private SessionKeyRing _ring = null!;
    private RecordSealer _sealer = null!;
    private byte[] _record = null!;
    private byte[] _other = null!;
    private SessionStoreKey _key;
    private SessionStoreKey _otherKey;

    [OneTimeSetUp]
    public void SealTwoSessions()
    {
        var otherId = new SslSessionId("another session"u8);
        _ring = SessionKeyRing.Generate();
        _sealer = new RecordSealer(_ring, SealedSession.Farm);
        _record = _sealer.Seal(_session);
        _other = _sealer.Seal(
            [.. _session.Reverse()],
            new RecordFields(TlsProtocolVersion.Tls12, SealedSession.Now.AddHours(3), SealedSession.Now.AddHours(-2)),
            otherId);
        _key = _sealer.DeriveKey(SealedSession.Id);
        _otherKey = _sealer.DeriveKey(otherId);
    }

    [OneTimeTearDown]
    public void DropRing() => _ring.Dispose();

    [Test]
    public void Open_EveryBitFlipped_NeverBelieved()
    {
        for (int bit = 0; bit < _record.Length * 8; bit++)
        {
            byte[] changed = [.. _record];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(IsRightlyAnswered(changed, _key), Is.True, $"bit {bit}");
        }
    }

    [Test]
    public void Open_EveryLengthCut_NeverBelieved()
    {
        for (int length = 0; length < _record.Length; length++)
        {
            Assert.That(IsRightlyAnswered(_record[..length], _key), Is.True, $"first {length} bytes");
            Assert.That(IsRightlyAnswered(_record[(length + 1)..], _key), Is.True, $"last {_record.Length - length - 1} bytes");
        }
    }

    [Test]
    public void Open_EveryFieldTakenFromTheOtherRecord_NeverBelieved()
    {
        // Encoding, sealing, version, expiry, origin, key id, salt, nonce, ciphertext, tag: all of the 2^10 mixtures.
        int[] bounds = [0, 4, 5, 6, 8, 16, 24, 28, 44, 56, _record.Length - 16, _record.Length];
        for (int mixture = 0; mixture < 1 << (bounds.Length - 1); mixture++)
        {
            byte[] mixed = [.. _record];
            for (int field = 0; field < bounds.Length - 1; field++)
            {
                if ((mixture >> field & 1) != 0)
                {
                    _other.AsSpan(bounds[field]..bounds[field + 1]).CopyTo(mixed.AsSpan(bounds[field]));
                }
            }

            Assert.That(IsRightlyAnswered(mixed, _key), Is.True, $"mixture {mixture:b}");
            Assert.That(IsRightlyAnswered(mixed, _otherKey), Is.True, $"mixture {mixture:b} under the other key");
        }
    }

    [Test]
    public void Open_BytesOverwritten_NeverBelieved() =>
        Gen.Select(Gen.Int[0, _record.Length - 1], Gen.Byte.Array[0, 40]).Sample(
            (position, bytes) =>
            {
                byte[] changed = [.. _record];
                bytes.AsSpan(0, Math.Min(bytes.Length, changed.Length - position)).CopyTo(changed.AsSpan(position));
                return IsRightlyAnswered(changed, _key);
            },
            iter: Samples);

    [Test]
    public void Open_TwoRecordsSpliced_NeverBelieved() =>
        Gen.Select(Gen.Int[0, _record.Length], Gen.Int[0, _record.Length], Gen.Bool, Gen.Bool).Sample(
            (head, tail, swapped, otherKey) =>
            {
                (byte[] first, byte[] second) = swapped ? (_other, _record) : (_record, _other);
                return IsRightlyAnswered([.. first[..head], .. second[tail..]], otherKey ? _otherKey : _key);
            },
            iter: Samples);

    [Test]
    public void Open_AnyBytesBehindAnyHeader_NeverBelieved() =>
        Gen.Select(Gen.Int[0, 28], Gen.Byte.Array[0, 300]).Sample(
            (kept, bytes) => IsRightlyAnswered([.. _record[..kept], .. bytes], _key),
            iter: Samples);

    [Test]
    public void Open_AnyOtherKey_NeverBelieved() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Bool).Sample(
            (keyBytes, keepKey) => IsRightlyAnswered(_record, keepKey ? _key : new SessionStoreKey(keyBytes)),
            iter: Samples);

    /// <summary>Believed if and only if it is one of the two as they were sealed; else refused without a trace.</summary>
    private bool IsRightlyAnswered(byte[] record, SessionStoreKey key)
    {
        bool untouched =
            (key == _key && record.AsSpan().SequenceEqual(_record)) || (key == _otherKey && record.AsSpan().SequenceEqual(_other));
        OpenedRecord opened = _sealer.Open(record, key);
        bool right = untouched ? opened.Problem == RecordProblem.None && opened.Session.Length == _session.Length : opened.IsCleanRefusal;
        return right && LibCrypto.ERR_peek_error().Value == 0;
    }
}
