using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>The server is not there, or dies, or comes back empty.</summary>
public sealed class RedisAwayTests : TroubleTests
{
    [Test]
    public async Task Connect_ServerAway_ReturnsAndWorksOnceItIsThere()
    {
        await Redis.KillAsync();
        await using RedisSessionStore store = RedisSessionStore.Connect(Redis.Address);
        SessionStoreException failure = await FailureOf(async () => await store.GetAsync(Key(1)));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Unavailable));
        Assert.That(failure.Message, Does.Contain(Redis.Address));

        await Redis.StartAsync();
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Connect_ServerAcceptsAndSaysNothing_CallsEndWithTheirToken()
    {
        Redis.Pause();
        await using RedisSessionStore store = RedisSessionStore.Connect(Redis.Address);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.That(async () => await store.GetAsync(Key(1), patience.Token), Throws.InstanceOf<OperationCanceledException>());

        Redis.Resume();
        await EventuallyWorks(store);
    }

    [Test]
    public void Dispose_WhileConnecting_DoesNotWait()
    {
        Redis.Pause();
        RedisSessionStore store = RedisSessionStore.Connect(Redis.Address);
        Assert.That(store.DisposeAsync().AsTask().IsCompleted);
        Assert.That(async () => await store.GetAsync(Key(1)), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Calls_ServerKilled_FailAndRecoverWhenItIsBackEmpty()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await store.PutAsync(Key(1), Record(1), Lifetime);
        await Redis.KillAsync();
        foreach (Func<Task> call in (Func<Task>[])
        [
            async () => await store.GetAsync(Key(1)),
            async () => await store.TakeAsync(Key(1)),
            async () => await store.PutAsync(Key(1), Record(1), Lifetime),
            async () => await store.RemoveAsync(Key(1)),
        ])
        {
            SessionStoreException failure = await FailureOf(call);
            Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Unavailable));
            Assert.That(failure.Message, Does.Contain(Redis.Address).And.Not.Contain(Key(1).ToHexString()));
        }

        await Redis.StartAsync();
        await EventuallyWorks(store);
        Assert.That(await store.GetAsync(Key(1)), Is.Null);
    }

    [Test]
    public async Task Calls_ApplicationsConnectionKeepsCommands_FailAtOnceAllTheSame()
    {
        await using ConnectionMultiplexer applications = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},abortConnect=false");
        await using var store = new RedisSessionStore(applications);
        await store.PutAsync(Key(1), Record(1), Lifetime);
        await Redis.KillAsync();
        await Eventually.True(() => !applications.IsConnected, "the connection is seen to be gone");

        // Its own policy is to keep a command for up to 5 s: the test's time limit is the token, which must not be needed.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        SessionStoreException failure = await FailureOf(async () => await store.GetAsync(Key(1), patience.Token));
        Assert.That(failure.Failure, Is.EqualTo(SessionStoreFailure.Unavailable));
        await Redis.StartAsync();
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Get_Flushed_Null()
    {
        await using RedisSessionStore store = await ConnectAsync();
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");
        await store.PutAsync(Key(1), Record(1), Lifetime);
        await admin.GetServer(Redis.Address).FlushAllDatabasesAsync();

        Assert.That(await store.GetAsync(Key(1)), Is.Null);
        await EventuallyWorks(store);
    }

    [Test]
    public async Task Dispose_ApplicationsConnection_StaysOpen()
    {
        await using ConnectionMultiplexer applications = await ConnectionMultiplexer.ConnectAsync(Redis.Address);
        var store = new RedisSessionStore(applications);
        await store.PutAsync(Key(1), Record(1), Lifetime);
        await store.DisposeAsync();

        Assert.That(applications.IsConnected);
        Assert.That((bool)await applications.GetDatabase().KeyExistsAsync("osscb:" + Key(1).ToHexString()));
    }
}
