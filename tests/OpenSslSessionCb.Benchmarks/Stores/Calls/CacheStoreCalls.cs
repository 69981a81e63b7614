namespace OpenSslSessionCb.Benchmarks;

/// <summary>The library's store, as the cache calls it.</summary>
internal sealed class CacheStoreCalls(ISessionStore store, NumberedRecords records) : IStoreCalls
{
    internal ISessionStore Store => store;

    public ValueTask PutAsync(int number) => store.PutAsync(records.Keys[number], records.Record, NumberedRecords.Lifetime);

    public ValueTask<byte[]?> GetAsync(int number) => store.GetAsync(records.Keys[number]);

    public ValueTask<byte[]?> TakeAsync(int number) => store.TakeAsync(records.Keys[number]);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
