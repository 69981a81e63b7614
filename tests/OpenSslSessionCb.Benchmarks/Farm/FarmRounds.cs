using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>The variants of one case, slice after slice: all their nodes run, and one pair of them has work.</summary>
/// <param name="rounds">How many slices each variant gets.</param>
/// <param name="slice">How long one takes.</param>
/// <param name="maxWarmUp">How long a variant may take, before its first slice, until its code is compiled.</param>
internal sealed class FarmRounds(int rounds, TimeSpan slice, TimeSpan maxWarmUp)
{
    private const double MaxCompilerShare = 0.02;

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
            WarmUp(variant);
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

    /// <summary>
    /// Until every client has a session, and the nodes' code is compiled: the library is the more of
    /// it, and would pay for that alone.
    /// </summary>
    private void WarmUp(FarmVariant variant)
    {
        int quiet = 0;
        for (long start = Stopwatch.GetTimestamp(); quiet < 2 && Stopwatch.GetElapsedTime(start) < maxWarmUp;)
        {
            // Twice in a row: between two tiers the JIT lets some time pass.
            quiet = FarmSlice.Measure(variant, TimeSpan.FromSeconds(2), redis: null).CompilerShare <= MaxCompilerShare ? quiet + 1 : 0;
        }
    }
}
