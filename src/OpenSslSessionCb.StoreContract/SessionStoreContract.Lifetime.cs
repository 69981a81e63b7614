using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

// A record ends when its lifetime does.
public abstract partial class SessionStoreContract
{
    [Test]
    public async Task Get_LifetimeOver_Null()
    {
        await Store.PutAsync(Key(1), Record(1), ShortLifetime);
        await Store.PutAsync(Key(2), Record(2), LongLifetime);
        await LetPassAsync(ShortLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
        Assert.That(await Store.GetAsync(Key(2)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Take_LifetimeOver_Null()
    {
        IgnoreUnlessAtomicTake();
        await Store.PutAsync(Key(1), Record(1), ShortLifetime);
        await LetPassAsync(ShortLifetime);

        Assert.That(await Store.TakeAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Put_KeyOfAnExpiredRecord_Kept()
    {
        await Store.PutAsync(Key(1), Record(1), ShortLifetime);
        await LetPassAsync(ShortLifetime);
        await Store.PutAsync(Key(1), Record(2), LongLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Put_LongerLifetimeReplacesShorter_NewLifetimeCounts()
    {
        await Store.PutAsync(Key(1), Record(1), ShortLifetime);
        await Store.PutAsync(Key(1), Record(2), LongLifetime);
        await LetPassAsync(ShortLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Put_ShorterLifetimeReplacesLonger_NewLifetimeCounts()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.PutAsync(Key(1), Record(2), ShortLifetime);
        await LetPassAsync(ShortLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Put_LifetimeOfTenYears_Kept()
    {
        await Store.PutAsync(Key(1), Record(1), TimeSpan.FromDays(3_650));

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Put_LifetimeOfATick_DoesNotFail()
    {
        await Store.PutAsync(Key(1), Record(1), TimeSpan.FromTicks(1));
        await LetPassAsync(ShortLifetime);

        Assert.That(await Store.GetAsync(Key(1)), Is.Null);
    }
}
