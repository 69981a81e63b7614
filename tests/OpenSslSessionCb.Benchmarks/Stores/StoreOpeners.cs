namespace OpenSslSessionCb.Benchmarks;

/// <summary>How each store, and what it is built on, is opened.</summary>
internal static class StoreOpeners
{
    internal static IReadOnlyList<Func<NumberedRecords, Task<StoreContenders>>> All(StoreServers servers, TemporaryFolder folder) =>
    [
        static records => Task.FromResult(new StoreContenders(
            StoreNames.Memory, new CacheStoreCalls(new MemorySessionStore(), records), new RawMemoryCalls(records), records)),
        records => Task.FromResult(new StoreContenders(
            StoreNames.Sqlite,
            new CacheStoreCalls(SqliteSessionStore.Open(folder["store.db"]), records),
            RawSqliteCalls.Open(folder["raw.db"], records),
            records)),
        .. servers.Addresses
            .Select(server => (Func<NumberedRecords, Task<StoreContenders>>)(records => OpenAsync(server.Key, server.Value, records))),
    ];

    private static async Task<StoreContenders> OpenAsync(string name, string address, NumberedRecords records) =>
        new(name, new CacheStoreCalls(RedisSessionStore.Connect(address), records),
            await RawRedisCalls.ConnectAsync(address, records), records);
}
