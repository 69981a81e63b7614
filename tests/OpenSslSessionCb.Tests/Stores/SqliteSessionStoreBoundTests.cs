using Microsoft.Data.Sqlite;
using NUnit.Framework;
using OpenSslSessionCb.StoreWriter;
using SQLitePCL;

namespace OpenSslSessionCb.Tests.Stores;

/// <summary>Somebody who may write to the file has put something huge where a record should be: it is not read.</summary>
public sealed class SqliteSessionStoreBoundTests
{
    private const int Huge = 64 * 1024 * 1024;

    // SQLite keeps pages at hand, 2 MB for each connection; other fixtures that run beside this one have some, too.
    private const int Little = 24 * 1024 * 1024;

    private StoreFolder _folder = null!;
    private SqliteSessionStore _store = null!;

    [SetUp]
    public async Task MakeStore()
    {
        _folder = new StoreFolder();
        _store = SqliteSessionStore.Open(_folder.File());
        await _store.PutAsync(NumberedRecords.Key(1), NumberedRecords.Record(1), NumberedRecords.Lifetime);
        await _store.PutAsync(NumberedRecords.Key(2), NumberedRecords.Record(2), NumberedRecords.Lifetime);
    }

    [TearDown]
    public async Task DeleteStore()
    {
        await _store.DisposeAsync();
        _folder.Delete();
    }

    [Test]
    public async Task Get_64Megabytes_OneByteTooMuchAndNoMoreIsRead()
    {
        Blow(Huge);

        byte[]? got = await AssertCostsLittleAsync(() => _store.GetAsync(NumberedRecords.Key(1)));
        Assert.That(got, Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
    }

    [Test]
    public async Task Take_64Megabytes_OneByteTooMuchAndItIsGone()
    {
        Blow(Huge);

        byte[]? taken = await AssertCostsLittleAsync(() => _store.TakeAsync(NumberedRecords.Key(1)));
        Assert.That(taken, Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(await _store.TakeAsync(NumberedRecords.Key(1)), Is.Null);
        Assert.That(await _store.TakeAsync(NumberedRecords.Key(2)), Is.EqualTo(NumberedRecords.Record(2)), "the rest stays");
    }

    [TestCase(SessionStoreRecord.MaxLength)]
    [TestCase(SessionStoreRecord.MaxLength + 1)]
    public async Task GetAndTake_AtTheBound_SameLength(int length)
    {
        Blow(length);

        Assert.That(await _store.GetAsync(NumberedRecords.Key(1)), Has.Length.EqualTo(length));
        Assert.That(await _store.TakeAsync(NumberedRecords.Key(1)), Has.Length.EqualTo(length));
    }

    [Test]
    public async Task GetAndTake_TextWhoseLengthLies_OneByteTooMuchAndItIsGone()
    {
        // SQLite says 1: it counts the characters up to the first zero.
        Put("'x' || CAST(zeroblob($length) AS TEXT)", Huge);

        byte[]? got = await AssertCostsLittleAsync(() => _store.GetAsync(NumberedRecords.Key(1)));
        byte[]? taken = await AssertCostsLittleAsync(() => _store.TakeAsync(NumberedRecords.Key(1)));
        Assert.That((got!.Length, taken!.Length), Is.EqualTo((SessionStoreRecord.MaxLength + 1, SessionStoreRecord.MaxLength + 1)));
        Assert.That(await _store.TakeAsync(NumberedRecords.Key(1)), Is.Null);
    }

    [TestCase("'text'")]
    [TestCase("12")]
    [TestCase("1.5")]
    public async Task GetAndTake_NoBlob_OneByteTooMuch(string value)
    {
        Put(value, 0);

        Assert.That(await _store.GetAsync(NumberedRecords.Key(1)), Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(await _store.TakeAsync(NumberedRecords.Key(1)), Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
    }

    private void Blow(int length) => Put("zeroblob($length)", length);

    /// <summary>Puts something else in place of one record, by another connection.</summary>
    private void Put(string value, int length)
    {
        using var connection = new SqliteConnection($"Data Source={_store.Path};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        if (!value.StartsWith("zeroblob", StringComparison.Ordinal))
        {
            // Whoever may write to the file may also take out what would refuse it.
            command.CommandText = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')";
            Assert.That(command.ExecuteNonQuery(), Is.GreaterThan(0));
            connection.Close();
            connection.Open();
        }

        command.CommandText = $"UPDATE records SET record = {value} WHERE key = $key";
        command.Parameters.AddWithValue("$length", length);
        command.Parameters.AddWithValue("$key", NumberedRecords.Key(1).ToArray());
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1));
    }

    private static async Task<byte[]?> AssertCostsLittleAsync(Func<ValueTask<byte[]?>> call)
    {
        _ = raw.sqlite3_memory_highwater(resetFlag: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();

        // It completes before it returns, on this thread.
        Task<byte[]?> result = call().AsTask();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(result.IsCompletedSuccessfully, Is.True);
        Assert.That(allocated, Is.LessThan(1024 * 1024), "bytes that .NET allocated");
        Assert.That(raw.sqlite3_memory_highwater(resetFlag: 0), Is.InRange(1, Little), "bytes that SQLite had at once");
        return await result;
    }
}
