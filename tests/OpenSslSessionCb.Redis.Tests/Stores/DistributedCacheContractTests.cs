using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests;

/// <summary>The contract over .NET's cache in memory, which keeps and hands out arrays.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DistributedCacheContractTests : SessionStoreContract
{
    private MemoryDistributedCache _cache = null!;

    protected override ValueTask<ISessionStore> CreateStoreAsync()
    {
        _cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        return new(new DistributedCacheSessionStore(_cache));
    }

    protected override ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => new(new DistributedCacheSessionStore(_cache));

    // The cache's clock is not the timer's.
    protected override Task LetPassAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromMilliseconds(50));
}
