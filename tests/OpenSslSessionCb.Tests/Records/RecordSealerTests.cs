using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

public sealed class RecordSealerTests
{
    private static readonly Version s_old = new(1, 1, 1, 23);
    private static readonly Version s_new = new(3, 0, 19);

    private readonly byte[] _session = [.. Enumerable.Range(1, 130).Select(value => (byte)value)];
    private SessionKeyRing _ring = null!;
    private RecordSealer _sealer = null!;

    [SetUp]
    public void MakeRing()
    {
        _ring = SessionKeyRing.Generate();
        _sealer = new RecordSealer(_ring, SealedSession.Farm);
    }

    [TearDown]
    public void DropRing()
    {
        _ring.Dispose();
        Assert.That(LibCrypto.ERR_peek_error().Value, Is.EqualTo((nuint)0), "an error was left in libcrypto's queue");
    }

    [Test]
    public void Open_WhatWasSealed_ComesBack([Values(1, 130, 900, 65536)] int length, [Values] bool plain)
    {
        var sealer = new RecordSealer(plain ? null : _ring, SealedSession.Farm);
        byte[] session = new byte[length];
        LibCryptoHash.FillRandom(session);

        byte[] record = sealer.Seal(session);
        OpenedRecord opened = sealer.Open(record);

        Assert.That(opened.Problem, Is.EqualTo(RecordProblem.None));
        Assert.That(opened.Fields, Is.EqualTo(SealedSession.Fields));
        Assert.That(opened.Session, Is.EqualTo(session));
        Assert.That(record, Has.Length.AtMost(RecordSealer.MaxRecordLength).And.Length.AtMost(SessionStoreRecord.MaxLength));
        Assert.That(record, Has.Length.EqualTo(length + (plain ? 28 : 72)));
    }

    [Test]
    public void Open_RecordMadeByAnotherImplementation_ComesBack()
    {
        // Computed with Python's hmac and cryptography from the layout alone: whoever changes a byte of the format breaks
        // farms that mix versions.
        const string Golden =
            "4f53430301010304000001d1a94a207b0000000077356cf02396aeeb101112131415161718191a1b1c1d1e1f505152535455565758595a5b" +
            "278e96a867a09c3ec59df7720acacd0cd5bd6b69906c0f9856d4f5b62b23d858";
        using var folder = new RingFolder();
        using SessionKeyRing ring = SessionKeyRing.Open(folder.Write("ring", RingFolder.Index + RingFolder.Key1));

        OpenedRecord opened = new RecordSealer(ring, SealedSession.Farm).Open(Convert.FromHexString(Golden));

        Assert.That(opened.Problem, Is.EqualTo(RecordProblem.None));
        Assert.That(opened.Session, Is.EqualTo("a session of TLS"u8.ToArray()));
        Assert.That(opened.Fields, Is.EqualTo(new RecordFields(
            TlsProtocolVersion.Tls13, DateTimeOffset.FromUnixTimeMilliseconds(2000000000123),
            DateTimeOffset.FromUnixTimeSeconds(1999990000))));
    }

    [Test]
    public void DeriveKey_KnownIndex_SameAsAnotherImplementation()
    {
        using var folder = new RingFolder();
        using SessionKeyRing ring = SessionKeyRing.Open(folder.Write("ring", RingFolder.Index + RingFolder.Key1));

        string withRing = new RecordSealer(ring, SealedSession.Farm).DeriveKey(SealedSession.Id).ToHexString();
        string plain = new RecordSealer(null, SealedSession.Farm).DeriveKey(SealedSession.Id).ToHexString();

        Assert.That(withRing, Is.EqualTo("8d4e5dab4ed84dedb8dbd933d7c04004fe8f16150c529cda4e92506565d8c5a0"));
        Assert.That(plain, Is.EqualTo("0b1c1f1a998de3d4d42b0530b97154429555953bf2cead74c4b7c56f2da7eb2a"));
    }

    [Test]
    public void DeriveKey_OtherIdOrFarm_OtherKey()
    {
        SessionStoreKey key = _sealer.DeriveKey(new SslSessionId("cd"u8));

        Assert.That(_sealer.DeriveKey(new SslSessionId("cd"u8)), Is.EqualTo(key));
        Assert.That(_sealer.DeriveKey(new SslSessionId("ce"u8)), Is.Not.EqualTo(key));
        Assert.That(new RecordSealer(_ring, new FarmName("another")).DeriveKey(new SslSessionId("cd"u8)), Is.Not.EqualTo(key));
    }

    [Test]
    public void Seal_SameSessionTwice_NothingOfItRepeatsOrShows()
    {
        byte[] first = _sealer.Seal(_session);
        byte[] second = _sealer.Seal(_session);

        Assert.That(first[..28], Is.EqualTo(second[..28]));
        Assert.That(first[28..44], Is.Not.EqualTo(second[28..44]), "salt");
        Assert.That(first[44..56], Is.Not.EqualTo(second[44..56]), "nonce");
        Assert.That(first[56..^16], Is.Not.EqualTo(second[56..^16]), "ciphertext");
        Assert.That(first.AsSpan().IndexOf(_session.AsSpan(0, 8)), Is.EqualTo(-1));
    }

    [Test]
    public void Seal_RingDisposed_ThrowsAndTheRecordIsZeroed()
    {
        SessionStoreKey key = _sealer.DeriveKey(SealedSession.Id);
        byte[] record = _sealer.CreateRecord(_session.Length);
        _session.CopyTo(_sealer.PayloadOf(record));
        _ring.Dispose();

        Assert.That(
            () => _sealer.Seal(record, SealedSession.Fields, key), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(record, Is.All.Zero);
    }

    [TestCase(0)]
    [TestCase(65536 + 50 + 32 + 32768 + 1)]
    public void CreateRecord_LengthOutOfRange_Throws(int length) =>
        Assert.That(() => _sealer.CreateRecord(length), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(0)]
    [TestCase(27)]
    [TestCase(28)]
    [TestCase(72)]
    [TestCase(28, true)]
    public void Open_TooShort_NotARecord(int length, bool plain = false)
    {
        var sealer = new RecordSealer(plain ? null : _ring, SealedSession.Farm);

        AssertRefused(sealer.Open(sealer.Seal(_session)[..length]), RecordProblem.NotARecord);
    }

    [Test]
    public void Open_TooLong_NotARecord([Values] bool plain)
    {
        var sealer = new RecordSealer(plain ? null : _ring, SealedSession.Farm);

        AssertRefused(sealer.Open([.. sealer.Seal(new byte[65536 + 50 + 32 + 32768]), 0]), RecordProblem.NotARecord);
    }

    [TestCase(SessionStoreRecord.MaxLength, false)]
    [TestCase(SessionStoreRecord.MaxLength + 1, true)]
    [TestCase(2 * SessionStoreRecord.MaxLength, true)]
    public void Open_MoreThanAStoreBrings_TooLongWhateverItIs(int length, bool tooLong)
    {
        byte[] record = _sealer.Seal(_session);
        Array.Resize(ref record, length);

        Assert.That(_sealer.Open(record).IsCleanRefusal);
        Assert.That(_sealer.Open(record).Problem == RecordProblem.TooLong, Is.EqualTo(tooLong));
        Assert.That(_sealer.Open(new byte[length]).Problem == RecordProblem.TooLong, Is.EqualTo(tooLong));
    }

    [Test]
    public void LongestRecord_OfTheFormat_IsNoMoreThanStoresBring()
    {
        int longest = RecordSealer.MaxRecordLength;

        Assert.That(longest, Is.LessThanOrEqualTo(SessionStoreRecord.MaxLength));
    }

    [TestCase(0, "magic")]
    [TestCase(3, "format")]
    [TestCase(5, "sealing")]
    public void Open_UnknownMagicFormatOrSealing_NotARecord(int position, string _)
    {
        byte[] record = _sealer.Seal(_session);
        record[position] = 7;

        AssertRefused(_sealer.Open(record), RecordProblem.NotARecord);
    }

    [Test]
    public void Open_PlainWithARingOrSealedWithout_NotSealed()
    {
        var plain = new RecordSealer(null, SealedSession.Farm);

        AssertRefused(_sealer.Open(plain.Seal(_session)), RecordProblem.NotSealed);
        AssertRefused(plain.Open(_sealer.Seal(_session)), RecordProblem.NotSealed);
    }

    [Test]
    public void Open_AnotherFarmsKey_UnknownKey()
    {
        using SessionKeyRing other = SessionKeyRing.Generate();

        AssertRefused(_sealer.Open(new RecordSealer(other, SealedSession.Farm).Seal(_session)), RecordProblem.UnknownKey);
    }

    [Test]
    public void Open_FoundUnderAnotherKeyOrIsolationContext_Forged()
    {
        byte[] record = _sealer.Seal(_session);
        SessionStoreKey key = _sealer.DeriveKey(SealedSession.Id);
        SessionStoreKey otherKey = _sealer.DeriveKey(new SslSessionId("another"u8));

        AssertRefused(_sealer.Open(record, otherKey), RecordProblem.Forged);
        Assert.That(_sealer.Open(record, key).Problem, Is.EqualTo(RecordProblem.None));
    }

    [Test]
    public void Open_ExpiredAndChangedToLiveOn_Forged()
    {
        byte[] record = _sealer.Seal(_session, SealedSession.Fields with { Expires = SealedSession.Now.AddDays(-1) });
        record[9] ^= 1;

        AssertRefused(_sealer.Open(record), RecordProblem.Forged);
    }

    [Test]
    public void Open_ForgedAndExpiredAndUnreadable_Forged()
    {
        RecordFields expired = SealedSession.Fields with { Expires = SealedSession.Now.AddDays(-1) };
        byte[] record = new RecordSealer(_ring, SealedSession.Farm, s_new).Seal(_session, expired);
        record[^1] ^= 1;

        AssertRefused(new RecordSealer(_ring, SealedSession.Farm, s_old).Open(record), RecordProblem.Forged);
    }

    [Test]
    public void Open_AtAndBeforeExpiry_ExpiredAndNot([Values] bool plain)
    {
        var sealer = new RecordSealer(plain ? null : _ring, SealedSession.Farm);
        byte[] record = sealer.Seal(_session);

        AssertRefused(sealer.Open(record, now: SealedSession.Fields.Expires), RecordProblem.Expired);
        Assert.That(sealer.Open(record, now: SealedSession.Fields.Expires.AddMilliseconds(-1)).Problem, Is.EqualTo(RecordProblem.None));
    }

    [Test]
    public void Open_EncodedBy3ReadBy111_Unreadable([Values] bool plain)
    {
        SessionKeyRing? ring = plain ? null : _ring;
        var old = new RecordSealer(ring, SealedSession.Farm, s_old);
        var recent = new RecordSealer(ring, SealedSession.Farm, s_new);

        AssertRefused(old.Open(recent.Seal(_session)), RecordProblem.Unreadable);
        Assert.That(recent.Open(old.Seal(_session)).Session, Is.EqualTo(_session));
        Assert.That(old.Open(old.Seal(_session)).Session, Is.EqualTo(_session));
        Assert.That(recent.Open(recent.Seal(_session)).Session, Is.EqualTo(_session));
    }

    [TestCase((byte)0)]
    [TestCase((byte)3)]
    public void Open_PlainOfUnknownEncoding_Unreadable(byte encoding)
    {
        var sealer = new RecordSealer(null, SealedSession.Farm);
        byte[] record = sealer.Seal(_session);
        record[4] = encoding;

        AssertRefused(sealer.Open(record), RecordProblem.Unreadable);
    }

    [TestCase(8)]
    [TestCase(16)]
    public void Open_PlainWithATimeBeyondTheCalendar_NotARecord(int position)
    {
        var sealer = new RecordSealer(null, SealedSession.Farm);
        byte[] record = sealer.Seal(_session);
        record[position] = 0x7F;

        AssertRefused(sealer.Open(record), RecordProblem.NotARecord);
    }

    [Test]
    public void Open_DestinationShorterThanTheRecord_Throws()
    {
        byte[] record = _sealer.Seal(_session);
        SessionStoreKey key = _sealer.DeriveKey(SealedSession.Id);

        Assert.That(
            () => _sealer.Open(record, key, SealedSession.Now, new byte[record.Length - 1], out _, out _),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static void AssertRefused(OpenedRecord opened, RecordProblem expected)
    {
        Assert.That(opened.Problem, Is.EqualTo(expected));
        Assert.That(opened.IsCleanRefusal, Is.True, "something of the record was left");
    }
}
