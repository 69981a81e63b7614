namespace OpenSslSessionCb.Benchmarks;

/// <summary>One row of <c>queued_puts</c> in artifacts/bench/stores.json.</summary>
/// <param name="Store">Which store.</param>
/// <param name="RecordBytes">The length of the records.</param>
/// <param name="UnderWay">How many puts are begun before the first of them is confirmed.</param>
/// <param name="RawPerSecond">Puts a second with the raw client, from as many tasks: the median.</param>
/// <param name="QueuePerSecond">Puts a second through the cache's write queue: the median.</param>
/// <param name="Ratio">Queue over raw, the median over the blocks: above 1 the queue is faster.</param>
/// <param name="RatioMargin">Half the width of the ratio's 95 % confidence interval.</param>
internal sealed record PutRateResult(
    string Store, int RecordBytes, int UnderWay, double RawPerSecond, double QueuePerSecond, double Ratio, double RatioMargin);
