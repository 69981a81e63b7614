namespace OpenSslSessionCb.Benchmarks;

/// <summary>One row of <c>calls</c> in artifacts/bench/stores.json.</summary>
/// <param name="Store">Which store.</param>
/// <param name="RecordBytes">The length of the records.</param>
/// <param name="Call">get, put or take.</param>
/// <param name="RawUs">The time of a call to what the store is built on, in µs: the median.</param>
/// <param name="StoreUs">The same of the store's own.</param>
/// <param name="Ratio">Store over raw: the median over the blocks, in each of which both had their turns.</param>
/// <param name="RatioMargin">Half the width of the ratio's 95 % confidence interval.</param>
/// <param name="RatioLimit">What the ratio must not exceed; null: nothing is demanded.</param>
/// <param name="RawP99Us">The 99th percentile of the raw call, in µs.</param>
/// <param name="StoreP99Us">The 99th percentile of the store's, in µs.</param>
/// <param name="Calls">How many calls of each were measured.</param>
internal sealed record StoreResult(
    string Store,
    int RecordBytes,
    string Call,
    double RawUs,
    double StoreUs,
    double Ratio,
    double RatioMargin,
    double? RatioLimit,
    double RawP99Us,
    double StoreP99Us,
    int Calls)
{
    internal bool IsWithinLimit => RatioLimit is not { } limit || Ratio <= limit;

    internal static double? LimitOf(string store, StoreCall call) => (store, call) is (StoreNames.Redis, StoreCall.Get) ? 1.2 : null;
}
