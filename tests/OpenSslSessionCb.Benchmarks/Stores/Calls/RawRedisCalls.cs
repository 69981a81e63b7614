using StackExchange.Redis;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>StackExchange.Redis with the store's own settings and keys that are made already.</summary>
internal sealed class RawRedisCalls : IStoreCalls
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;
    private readonly RedisKey[] _keys;
    private readonly byte[] _record;

    private RawRedisCalls(ConnectionMultiplexer multiplexer, NumberedRecords records)
    {
        _multiplexer = multiplexer;
        _database = multiplexer.GetDatabase();
        _record = records.Record;

        // As long as the store's are, and others.
        _keys = Array.ConvertAll(records.Keys, static key => (RedisKey)("osraw:" + key.ToHexString()));
    }

    internal static async Task<RawRedisCalls> ConnectAsync(string address, NumberedRecords records) =>
        new(await ConnectionMultiplexer.ConnectAsync(RedisConfiguration.Parse(address)), records);

    public async ValueTask PutAsync(int number) =>
        await _database.StringSetAsync(_keys[number], _record, NumberedRecords.Lifetime).ConfigureAwait(false);

    public async ValueTask<byte[]?> GetAsync(int number) => await _database.StringGetAsync(_keys[number]).ConfigureAwait(false);

    public async ValueTask<byte[]?> TakeAsync(int number) => await _database.StringGetDeleteAsync(_keys[number]).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();
}
