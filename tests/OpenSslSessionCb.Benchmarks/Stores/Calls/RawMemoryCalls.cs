using System.Collections.Concurrent;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A dictionary: it does not copy, expire, bound or wipe anything.</summary>
internal sealed class RawMemoryCalls(NumberedRecords records) : IStoreCalls
{
    private readonly ConcurrentDictionary<SessionStoreKey, byte[]> _records = new();

    public ValueTask PutAsync(int number)
    {
        _records[records.Keys[number]] = records.Record;
        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]?> GetAsync(int number)
    {
        _records.TryGetValue(records.Keys[number], out byte[]? record);
        return new ValueTask<byte[]?>(record);
    }

    public ValueTask<byte[]?> TakeAsync(int number)
    {
        _records.TryRemove(records.Keys[number], out byte[]? record);
        return new ValueTask<byte[]?>(record);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
