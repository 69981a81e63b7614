using System.Globalization;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;
using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>Somebody who may write to the server has put something huge where a record should be: it is not transferred.</summary>
public sealed class RedisBoundTests : TroubleTests
{
    private const int Huge = 64 * 1024 * 1024;

    // What the server sends besides: its answers to the client's own questions, and to ours.
    private const int Little = SessionStoreRecord.MaxLength + (64 * 1024);

    private ConnectionMultiplexer _admin = null!;

    private IDatabase Database => _admin.GetDatabase();

    [SetUp]
    public async Task ConnectAdmin() => _admin = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");

    [TearDown]
    public async Task DisposeOfAdmin() => await _admin.DisposeAsync();

    [Test]
    public async Task Get_64Megabytes_OneByteTooMuchAndNoMoreIsSent()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await BlowAsync(NameOf(Key(0)), Huge);
        long before = await SentAsync();

        byte[]? record = await store.GetAsync(Key(0));
        Assert.That(await SentAsync() - before, Is.LessThan(Little), "bytes that the server sent");
        Assert.That(record, Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(record.AsSpan(0, 64).ToArray(), Is.EqualTo(Record(0)));
    }

    [Test]
    public async Task Take_64Megabytes_OneByteTooMuchAndItIsGone()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await BlowAsync(NameOf(Key(0)), Huge);
        long before = await SentAsync();

        byte[]? record = await store.TakeAsync(Key(0));
        Assert.That(await SentAsync() - before, Is.LessThan(Little), "bytes that the server sent");
        Assert.That(record, Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(await store.TakeAsync(Key(0)), Is.Null);
        await Eventually.True(
            () => _admin.GetServer(Redis.Address).DatabaseSize() == 0, "nothing of it is left, under any name");
    }

    [TestCase(SessionStoreRecord.MaxLength)]
    [TestCase(SessionStoreRecord.MaxLength + 1)]
    public async Task GetAndTake_AtTheBound_SameLength(int length)
    {
        await using RedisSessionStore store = await ConnectAsync();
        await BlowAsync(NameOf(Key(0)), length);

        Assert.That(await store.GetAsync(Key(0)), Has.Length.EqualTo(length));
        Assert.That(await store.TakeAsync(Key(0)), Has.Length.EqualTo(length));
    }

    [Test]
    public async Task Take_SomethingElseUnderTheKey_ForeignAndStaysWhereItWas()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await Database.ListLeftPushAsync(NameOf(Key(1)), "not a record");

        SessionStoreException failure = await FailureOf(async () => await store.TakeAsync(Key(1)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Foreign));
        Assert.That(await Database.ListLengthAsync(NameOf(Key(1))), Is.EqualTo(1));
    }

    [Test]
    public async Task Take_AnyRecord_NeverWithoutAnEnd()
    {
        // The record as it lies aside, which is a moment: the server is kept from deleting it.
        await using RedisSessionStore store = await ConnectAsync();
        await Database.ExecuteAsync(
            "ACL", "SETUSER", "sessions", "on", ">secret", "~osscb:*", "+getrange", "+set", "+rename", "+@connection");
        await using RedisSessionStore limited = await ConnectAsync(",user=sessions,password=secret");

        Assert.That(await limited.TakeAsync(Key(0)), Is.EqualTo(Record(0)));
        RedisKey left = _admin.GetServer(Redis.Address).Keys().Single();
        Assert.That($"{left}", Does.StartWith("osscb:taken:"));
        Assert.That(await Database.KeyTimeToLiveAsync(left), Is.LessThanOrEqualTo(Lifetime));
        Assert.That(await store.TakeAsync(Key(0)), Is.Null);
    }

    [Test]
    public async Task Handshake_64MegabytesUnderTheSessionsKey_FullAndCounted(
        [Values(LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION)] int version)
    {
        using SessionKeyRing ring = SessionKeyRing.Generate();
        await using RedisSessionStore store = RedisSessionStore.Connect(Redis.Address);
        await using var node = new CacheNode(store, version, new SessionCacheOptions
        {
            KeyRing = ring,
            NearCacheCapacity = 0,
            LookupDeadline = TimeSpan.FromSeconds(1),
        });
        using ClientSession session = node.FirstSession();
        await Eventually.True(() => node.Statistics.Queued == 0, "everything is written");
        RedisKey key = _admin.GetServer(Redis.Address).Keys().Single();
        await BlowAsync(key, Huge);
        long before = await SentAsync();

        Assert.That(node.Resumes(session), Is.False);
        Assert.That(node.Statistics.RejectedByReason[nameof(RecordProblem.TooLong)], Is.EqualTo(1));
        Assert.That(node.Statistics.Errors, Is.Zero);
        Assert.That(await SentAsync() - before, Is.LessThan(Little), "bytes that the server sent");
    }

    private static string NameOf(SessionStoreKey key) => "osscb:" + key.ToHexString();

    /// <summary>Makes a value that long; what it begins with stays.</summary>
    private async Task BlowAsync(RedisKey key, int length)
    {
        await Database.StringSetRangeAsync(key, length - 1, "x");
        Assert.That(await Database.StringLengthAsync(key), Is.EqualTo(length));
    }

    private async Task<long> SentAsync()
    {
        IGrouping<string, KeyValuePair<string, string>>[] sections = await _admin.GetServer(Redis.Address).InfoAsync("stats");
        string sent = sections.SelectMany(static section => section).Single(static pair => pair.Key == "total_net_output_bytes").Value;
        return long.Parse(sent, CultureInfo.InvariantCulture);
    }
}
