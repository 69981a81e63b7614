using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests;

/// <summary>The contract, on a server that each kind of fixture starts for itself. Each test has a prefix of its own.</summary>
public abstract class RedisSessionStoreTests : SessionStoreContract
{
    private RedisSessionStoreOptions _options = null!;

    protected abstract string Address { get; }

    protected override ValueTask<ISessionStore> CreateStoreAsync()
    {
        _options = new RedisSessionStoreOptions { KeyPrefix = $"{Guid.NewGuid():N}:" };
        return new(RedisSessionStore.Connect(Address, _options));
    }

    protected override ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => new(RedisSessionStore.Connect(Address, _options));

    // The server's clock ticks in milliseconds, and not when this process's does.
    protected override Task LetPassAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromMilliseconds(50));
}
