using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>What lies in Redis: plain keys, each with its end.</summary>
public sealed class RedisCommandTests : TroubleTests
{
    [Test]
    public async Task Put_ARecord_OnePlainKeyWithALifetime()
    {
        await using RedisSessionStore store = RedisSessionStore.Connect(
            Redis.Address, new RedisSessionStoreOptions { KeyPrefix = "shop:", Database = 3 });
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");
        await store.PutAsync(Key(1), Record(1), TimeSpan.FromMilliseconds(90_500));

        IDatabase database = admin.GetDatabase(3);
        string key = "shop:" + Key(1).ToHexString();
        Assert.That((byte[]?)await database.StringGetAsync(key), Is.EqualTo(Record(1)));
        Assert.That(await database.KeyTimeToLiveAsync(key), Is.InRange(TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(90_500)));
        Assert.That(await admin.GetServer(Redis.Address).DatabaseSizeAsync(3), Is.EqualTo(1));
    }

    [TestCase(0.1)]
    [TestCase(922_337_203_685_477.0)]
    public async Task Put_LifetimeThatTheServerWouldRefuse_Taken(double milliseconds)
    {
        await using RedisSessionStore store = await ConnectAsync();

        Assert.That(async () => await store.PutAsync(Key(1), Record(1), TimeSpan.FromMilliseconds(milliseconds)), Throws.Nothing);
    }
}
