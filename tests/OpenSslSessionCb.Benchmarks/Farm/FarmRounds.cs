using OpenSslSessionCb.Tests;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>The variants of one case, slice after slice: all their nodes run, and one pair of them has work.</summary>
internal sealed class FarmRounds(int rounds, TimeSpan slice)
{
    // The nodes' code is compiled in tiers, which shows for seconds; and every client has made its first connection by then.
    private readonly TimeSpan _warmUp = slice + TimeSpan.FromSeconds(3);

    internal async Task<IReadOnlyList<FarmResult>> RunAsync(FarmCase which, ServerProcess? redis)
    {
        using var files = new FarmFiles(which);
        var variants = new List<FarmVariant>();
        try
        {
            variants.Add(await FarmVariant.StartAsync(FarmVariant.Without, null, files, which));
            variants.Add(await FarmVariant.StartAsync(StoreNames.Sqlite, $"sqlite:{files.Database}", files, which));
            if (redis is not null)
            {
                variants.Add(await FarmVariant.StartAsync(StoreNames.Redis, $"redis:{redis.Address}", files, which));
            }

            return Run(which, variants, redis);
        }
        finally
        {
            foreach (FarmVariant variant in variants)
            {
                await variant.DisposeAsync();
            }
        }
    }

    private List<FarmResult> Run(FarmCase which, List<FarmVariant> variants, ServerProcess? redis)
    {
        foreach (FarmVariant variant in variants)
        {
            variant.Clients.Run(_warmUp);
        }

        var slices = variants.ToDictionary(static variant => variant.Name, static _ => new List<FarmSlice>());
        for (int round = 0; round < rounds; round++)
        {
            // There and back, so that a machine that grows slower meanwhile does so for all.
            foreach (FarmVariant variant in round % 2 == 0 ? variants : Enumerable.Reverse(variants))
            {
                slices[variant.Name].Add(FarmSlice.Measure(variant, slice, redis));
            }
        }

        return [.. variants.Select(variant => FarmResult.Of(which, variant.Name, slices[variant.Name], slices[FarmVariant.Without]))];
    }
}
