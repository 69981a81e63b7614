using System.Security.Cryptography;

namespace OpenSslSessionCb.Tests;

/// <summary>A fixture with a Redis of its own for each test, whose exceptions must all be seen by somebody.</summary>
public abstract class TroubleTests
{
    protected static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly List<Exception> _unobserved = [];

    private protected ServerProcess Redis { get; private set; } = null!;

    [SetUp]
    public async Task StartRedis()
    {
        Redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());
        _unobserved.Clear();
        TaskScheduler.UnobservedTaskException += Note;
    }

    [TearDown]
    public async Task EndRedis()
    {
        if (Redis is null)
        {
            return;
        }

        await Redis.DisposeAsync();

        // Twice: what the first round finalizes may let go of more.
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= Note;
        Assert.That(_unobserved, Is.Empty, "exceptions that nobody saw");
    }

    internal static SessionStoreKey Key(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    internal static byte[] Record(int number) => SHA512.HashData(BitConverter.GetBytes(number));

    /// <summary>A store that works: the connection is there.</summary>
    private protected async Task<RedisSessionStore> ConnectAsync(string settings = "", string? address = null)
    {
        RedisSessionStore store = RedisSessionStore.Connect((address ?? Redis.Address) + settings);
        await store.PutAsync(Key(0), Record(0), Lifetime);
        return store;
    }

    private protected static async Task<bool> WorksAsync(RedisSessionStore store)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await store.PutAsync(Key(9), Record(9), Lifetime, patience.Token);
            byte[]? record = await store.GetAsync(Key(9), patience.Token);
            return record is not null && record.AsSpan().SequenceEqual(Record(9));
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
        {
            return false;
        }
    }

    private protected static Task EventuallyWorks(RedisSessionStore store) =>
        Eventually.True(() => WorksAsync(store).GetAwaiter().GetResult(), "the store works again");

    private protected static async Task<SessionStoreException> FailureOf(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (SessionStoreException exception)
        {
            return exception;
        }

        throw new AssertionException("The call did not fail.");
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_unobserved)
        {
            _unobserved.Add(e.Exception);
        }
    }
}
