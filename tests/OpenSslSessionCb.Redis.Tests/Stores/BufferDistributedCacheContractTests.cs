using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests;

/// <summary>The contract over .NET's cache in Redis, which reads and writes buffers.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BufferDistributedCacheContractTests : SessionStoreContract
{
    private ServerProcess? _server;
    private RedisCache _cache = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());

    [OneTimeTearDown]
    public async Task End() => await (_server?.DisposeAsync() ?? default);

    protected override ValueTask<ISessionStore> CreateStoreAsync()
    {
        _cache = new RedisCache(new RedisCacheOptions { Configuration = _server!.Address, InstanceName = $"{Guid.NewGuid():N}:" });
        Assert.That(_cache, Is.InstanceOf<IBufferDistributedCache>());
        return new(new DistributedCacheSessionStore(_cache));
    }

    protected override ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => new(new DistributedCacheSessionStore(_cache));

    // The server's clock ticks in milliseconds, and not when this process's does.
    protected override Task LetPassAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromMilliseconds(50));

    [TearDown]
    public void CloseCache() => _cache.Dispose();
}
