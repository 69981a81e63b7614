using System.Diagnostics;
using System.Text;
using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>The server is there and does not do what it is asked, or says what nobody understands.</summary>
public sealed class RedisRefusalTests : TroubleTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string[] s_garbage =
    [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "\r\n\r\n\r\n", "$-17\r\n", "*1000000000\r\n", "$5\r\nab", ":not a number\r\n", "%%%\0\0\0",
        "+OK\r\n+OK\r\n+OK\r\n+OK\r\n", "-ERR \r\n",
    ];

    [Test]
    public async Task Put_MemoryFullAndNothingIsEvicted_FullAndGetsGoOn()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await AdminAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await store.PutAsync(Key(1), Record(1), Lifetime);
        await AdminAsync("CONFIG", "SET", "maxmemory", "1");

        SessionStoreException failure = await FailureOf(async () => await store.PutAsync(Key(2), Record(2), Lifetime));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Full));
        Assert.That(failure.Message, Does.Contain("volatile-ttl"));
        Assert.That(await store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
        Assert.That(await store.TakeAsync(Key(1)), Is.EqualTo(Record(1)));
        await store.RemoveAsync(Key(1));

        await AdminAsync("CONFIG", "SET", "maxmemory", "0");
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Take_ServerHasNoRename_SaysSo()
    {
        await using ServerProcess old = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore(), "--rename-command", "RENAME", "");
        await using RedisSessionStore store = await ConnectAsync(address: old.Address);

        SessionStoreException failure = await FailureOf(async () => await store.TakeAsync(Key(0)));
        Assert.That(failure.Message, Does.Contain("RENAME").And.Contain("rename-command"));
        Assert.That(await store.GetAsync(Key(0)), Is.EqualTo(Record(0)));
    }

    [Test]
    public async Task Calls_WrongPassword_SaysSoWithoutIt()
    {
        await using ServerProcess closed = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore(), "--requirepass", "right");
        await using RedisSessionStore store = RedisSessionStore.Connect($"{closed.Address},password=hunter2,connectTimeout=500");

        // StackExchange.Redis tries again at once, and tells how its last attempt ended: now and then it has broken that one off itself.
        SessionStoreException failure;
        long start = Stopwatch.GetTimestamp();
        do
        {
            failure = await FailureOf(async () => await store.GetAsync(Key(1)));
            Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Unavailable));
        }
        while (!failure.Message.Contains("user and password", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(start) < s_patience);

        Assert.That(failure.Message, Does.Contain("user and password"), failure.ToString());
        Assert.That(failure.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Calls_UserOfTheDocument_MayDoAllThatTheStoreDoes()
    {
        await AdminAsync("ACL", "SETUSER", "sessions", "on", ">secret", "~osscb:*", "+getrange", "+set", "+del", "+rename", "+@connection");
        await using RedisSessionStore store = await ConnectAsync(",user=sessions,password=secret");

        Assert.That(await store.GetAsync(Key(0)), Is.EqualTo(Record(0)));
        Assert.That(await store.TakeAsync(Key(0)), Is.EqualTo(Record(0)));
        Assert.That(async () => await store.RemoveAsync(Key(0)), Throws.Nothing);
    }

    [Test]
    public async Task Calls_UserMayNot_SaysSo()
    {
        await AdminAsync("ACL", "SETUSER", "sessions", "on", ">secret", "~osscb:*", "+getrange", "+set", "+@connection");
        await using RedisSessionStore store = await ConnectAsync(",user=sessions,password=secret");

        SessionStoreException failure = await FailureOf(async () => await store.RemoveAsync(Key(0)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Unavailable));
        Assert.That(failure.Message, Does.Contain("+getrange +set +del +rename"));
    }

    [Test]
    public async Task Get_SomethingElseUnderTheKey_Foreign()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await AdminAsync("LPUSH", "osscb:" + Key(1).ToHexString(), "not a record");

        SessionStoreException failure = await FailureOf(async () => await store.GetAsync(Key(1)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Foreign));
    }

    /// <summary>As after a broken proxy: each command gets the answer of the one before, and none is late.</summary>
    [Test]
    public async Task Calls_OneAnswerHasGoneAstray_RecoverAllTheSame()
    {
        await using var proxy = new TcpProxy(Redis.Port);
        await using RedisSessionStore store = await ConnectAsync(",asyncTimeout=100", proxy.Address);
        proxy.Rewrite = static _ => [];
        SessionStoreException failure = await FailureOf(async () => await store.GetAsync(Key(0)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Busy));

        proxy.Rewrite = null;
        await EventuallyWorks(store);
    }

    [TestCaseSource(nameof(s_garbage))]
    public async Task Calls_ServerTalksGarbage_FailOrMissAndRecover(string garbage)
    {
        await using var proxy = new TcpProxy(Redis.Port);
        await using RedisSessionStore store = await ConnectAsync(",asyncTimeout=100", proxy.Address);
        proxy.Garbage = Encoding.Latin1.GetBytes(garbage);
        for (int number = 0; number < 20; number++)
        {
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
                await store.GetAsync(Key(0), patience.Token);
            }
            catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
            {
                // What is not understood is an exception; garbage that is good Redis is an answer, which the seal refuses.
            }
        }

        proxy.Garbage = null;
        await EventuallyWorks(store);
    }

    private async Task AdminAsync(string command, params string[] arguments)
    {
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync(command, [.. arguments]);
    }
}
