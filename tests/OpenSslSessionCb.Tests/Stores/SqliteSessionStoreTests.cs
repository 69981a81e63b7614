using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests.Stores;

public sealed class SqliteSessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider _time = new();
    private StoreFolder _folder = null!;

    protected override int? MaxRecords => 100;

    private SqliteSessionStore Sqlite => (SqliteSessionStore)Store;

    protected override ValueTask<ISessionStore> CreateStoreAsync()
    {
        _folder = new StoreFolder();
        return new(Open(_folder.File()));
    }

    protected override ValueTask DeleteStoreAsync()
    {
        _folder.Delete();
        return default;
    }

    protected override ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => new(Open(((SqliteSessionStore)store).Path));

    protected override Task LetPassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    [Test]
    public void Traits_Always_AtomicTakeOnly() => Assert.That(Store.Traits, Is.EqualTo(SessionStoreTraits.AtomicTake));

    [Test]
    public async Task Open_AfterDispose_RecordsStillThere()
    {
        await Store.PutAsync(Key(1), Record(1), LongLifetime);
        await Store.DisposeAsync();

        await using SqliteSessionStore again = Open(Sqlite.Path);
        Assert.That(await again.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    [Test]
    public async Task Sweep_RecordsExpired_LeaveTheFile()
    {
        // More than one batch.
        await using SqliteSessionStore store = Open(_folder.File("sweep.db"), new SqliteSessionStoreOptions());
        for (int number = 0; number < 600; number++)
        {
            await store.PutAsync(Key(number), Record(number), TimeSpan.FromSeconds(5));
        }

        await store.PutAsync(Key(1_000), Record(1_000), LongLifetime);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(Query(store.Path, "SELECT count(*) FROM records"), Is.EqualTo(1));
        Assert.That(await store.GetAsync(Key(1_000)), Is.EqualTo(Record(1_000)));
    }

    [Test]
    public async Task Remove_FileClosed_NoTraceInTheFile()
    {
        byte[] secret = Record(7, 64);
        await Store.PutAsync(Key(7), secret, LongLifetime);
        await Store.PutAsync(Key(8), Record(8, 20_000), LongLifetime);
        await Store.RemoveAsync(Key(7));
        await Store.RemoveAsync(Key(8));
        await Store.DisposeAsync();

        byte[] file = await File.ReadAllBytesAsync(Sqlite.Path);
        Assert.That(file.AsSpan().IndexOf(secret), Is.Negative);
        Assert.That(file.AsSpan().IndexOf(Record(8, 20_000).AsSpan(10_000, 64)), Is.Negative);
    }

    [Test]
    public async Task Put_BoundReached_SoonestToExpireGo()
    {
        await Store.PutAsync(Key(1_000), Record(1_000), TimeSpan.FromHours(1));
        await Store.PutAsync(Key(2_000), Record(2_000), TimeSpan.FromHours(9));
        for (int number = 0; number < 300; number++)
        {
            await Store.PutAsync(Key(number), Record(number), LongLifetime);
        }

        Assert.That(await Store.GetAsync(Key(1_000)), Is.Null);
        Assert.That(await Store.GetAsync(Key(2_000)), Is.EqualTo(Record(2_000)));
    }

    [Test]
    public async Task Sweep_OtherInstancesWroteToo_BoundRespected()
    {
        await using SqliteSessionStore another = Open(Sqlite.Path);
        for (int number = 0; number < 90; number++)
        {
            await Store.PutAsync(Key(number), Record(number), LongLifetime);
            await another.PutAsync(Key(1_000 + number), Record(number), LongLifetime);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Query(Sqlite.Path, "SELECT count(*) FROM records"), Is.InRange(1, 100));
    }

    [Test]
    public async Task Put_WriteLockHeldByAnother_BusyAndThenFine()
    {
        await using SqliteSessionStore store = Open(
            _folder.File("busy.db"), new SqliteSessionStoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await store.PutAsync(Key(1), Record(1), LongLifetime);
        using (SqliteConnection other = Connect(store.Path))
        using (other.BeginTransaction(deferred: false))
        {
            var exception = Assert.ThrowsAsync<SessionStoreException>(async () => await store.PutAsync(Key(2), Record(2), LongLifetime));
            Assert.That(exception!.Failure, Is.EqualTo(SessionStoreFailure.Busy));

            // Readers, and those who ask to take what is not there, do not wait.
            Assert.That(await store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
            Assert.That(await store.TakeAsync(Key(2)), Is.Null);
        }

        await store.PutAsync(Key(2), Record(2), LongLifetime);
        Assert.That(await store.TakeAsync(Key(2)), Is.EqualTo(Record(2)));
    }

    [Test]
    public async Task Put_LongestLifetimeThereIs_Kept()
    {
        await Store.PutAsync(Key(1), Record(1), TimeSpan.MaxValue);

        Assert.That(await Store.GetAsync(Key(1)), Is.EqualTo(Record(1)));
    }

    private static long Query(string path, string sql)
    {
        using SqliteConnection connection = Connect(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        return connection;
    }

    private SqliteSessionStore Open(string path) => Open(path, new SqliteSessionStoreOptions
    {
        MaxRecords = 100,
        // The contract races 64 threads for one writer, on machines that may be busy.
        BusyTimeout = TimeSpan.FromSeconds(20),
    });

    private SqliteSessionStore Open(string path, SqliteSessionStoreOptions options)
    {
        options.TimeProvider = _time;
        return SqliteSessionStore.Open(path, options);
    }
}
