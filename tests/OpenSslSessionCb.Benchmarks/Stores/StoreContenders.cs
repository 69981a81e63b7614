namespace OpenSslSessionCb.Benchmarks;

/// <summary>A store, and what it is built on, over the same records.</summary>
internal sealed class StoreContenders(string name, CacheStoreCalls ours, IStoreCalls raw, NumberedRecords records) : IAsyncDisposable
{
    /// <summary>Stores are never empty where they matter: so many records lie in each that are not asked for.</summary>
    private const int OtherRecords = 10_000;

    internal string Name => name;

    internal CacheStoreCalls Ours => ours;

    internal IStoreCalls Raw => raw;

    internal NumberedRecords Records => records;

    internal static NumberedRecords MakeRecords(int length) => new(CallTurns.RecordsPerTurn + OtherRecords, length);

    internal async Task FillAsync()
    {
        for (int i = CallTurns.RecordsPerTurn; i < records.Count; i++)
        {
            await ours.PutAsync(i);
            await raw.PutAsync(i);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ours.DisposeAsync();
        await raw.DisposeAsync();
    }
}
