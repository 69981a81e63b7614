using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

// What is put can be got, and is nobody else's.
public abstract partial class SessionStoreContract
{
    [Test]
    public async Task Get_NeverPut_Null() => Assert.That(await Store.GetAsync(Key(1)), Is.Null);

    [TestCase(1)]
    [TestCase(200)]
    [TestCase(4_096)]
    [TestCase(65_536)]
    [TestCase(SessionStoreRecord.MaxLength)]
    public async Task Get_AfterPut_SameBytes(int length)
    {
        await Store.PutAsync(Key(1), Record(1, length), LongLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1, length)));
    }

    /// <summary>The cache never puts that; whoever else can write to the store does as he likes.</summary>
    [Test]
    public async Task Get_LongerThanAnyRecord_OneByteTooMuchOrNull()
    {
        await PutTooLongAsync();

        Assert.That(await Store.GetAsync(Key(1)), Is.Null.Or.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
    }

    [Test]
    public async Task Get_Twice_SameBytes()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.GetAsync(Key(1));

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [TestCase(200, 300)]
    [TestCase(20_000, 1)]
    public async Task Put_KeyInUse_Replaces(int oldLength, int newLength)
    {
        await Store.PutAsync(Key(1), Record(1, oldLength), LongLifetime);
        await Store.PutAsync(Key(1), Record(2, newLength), LongLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(2, newLength)));
    }

    [Test]
    public async Task Put_BufferOverwrittenAfterwards_RecordUnharmed()
    {
        byte[] buffer = Record(1);
        await Store.PutAsync(Key(1), buffer, LongLifetime);
        Array.Clear(buffer);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Put_PartOfABuffer_OnlyThatPart()
    {
        await Store.PutAsync(Key(1), Record(1).AsMemory(10, 20), LongLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)[10..30]));
    }

    [Test]
    public async Task Get_ReturnedBytesOverwritten_RecordUnharmed()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        Array.Clear((await Store.GetAsync(Key(1)))!);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Keys_OneBitApart_Different()
    {
        byte[] bytes = Key(1).ToArray();
        await Store.PutAsync(new SessionStoreKey(bytes), Record(1), LongLifetime);
        for (int bit = 0; bit < 8 * SessionStoreKey.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(await Store.GetAsync(new SessionStoreKey(bytes)), Is.Null, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public async Task Keys_OfOnlyZerosOrOnes_Kept()
    {
        // Where a key is text or has an end mark, these are the ones that break.
        var zeros = new SessionStoreKey(new byte[SessionStoreKey.Length]);
        var ones = new SessionStoreKey(Enumerable.Repeat((byte)0xFF, SessionStoreKey.Length).ToArray());
        await Store.PutAsync(zeros, new byte[3], LongLifetime);
        await Store.PutAsync(ones, Record(2), LongLifetime);

        Assert.That(await Store.GetAsync(zeros), Is.EqualTo(new byte[3]));
        Assert.That(await Store.GetAsync(ones), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Remove_AfterPut_Gone()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.PutAsync(Key(2), Record(2), LongLifetime);
        await Store.RemoveAsync(Key(1));

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
        Assert.That(await Store.GetAsync(Key(2)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Remove_NothingThere_DoesNothing()
    {
        await Store.RemoveAsync(Key(1));
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.RemoveAsync(Key(1));
        await Store.RemoveAsync(Key(1));

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Put_MoreThanTheBound_BoundRespected()
    {
        Assume(MaxRecords is not null, "MaxRecords is null: the store has no bound of its own.");
        int put = MaxRecords!.Value + (MaxRecords.Value / 2) + 10;
        for (int number = 0; number < put; number++)
        {
            await Store.PutAsync(Key(number), Record(number), LongLifetime);
        }

        int kept = 0;
        for (int number = 0; number < put; number++)
        {
            kept += await Store.GetAsync(Key(number)) is null ? 0 : 1;
        }

        Assert.That(kept, Is.InRange(1, MaxRecords.Value));
    }

    [Test]
    public async Task Put_OtherInstanceOpen_SeenThere()
    {
        await using ISessionStore another = await OpenAnotherOrIgnoreAsync();
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        Assert.That(await another.GetAsync(Key(1)), Is.EqualTo(Record(1)));

        await another.PutAsync(Key(1), Record(2), LongLifetime);
        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(2)));

        await another.RemoveAsync(Key(1));
        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }

    private async Task PutTooLongAsync()
    {
        Assume(!Store.Traits.HasFlag(SessionStoreTraits.InProcess), "The store claims InProcess: nobody else puts anything in it.");
        try
        {
            await Store.PutAsync(Key(1), Record(1, 2 * SessionStoreRecord.MaxLength), LongLifetime);
        }
        catch (Exception exception) when (exception is ArgumentException or SessionStoreException)
        {
            // A store may refuse it as well.
        }
    }
}
