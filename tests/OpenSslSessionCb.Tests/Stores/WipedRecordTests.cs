using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests.Stores;

/// <summary>Whichever way a record leaves the memory store, its bytes do not stay behind.</summary>
public sealed class WipedRecordTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);
    private static readonly SessionStoreKey s_key = new(Enumerable.Repeat((byte)1, SessionStoreKey.Length).ToArray());
    private static readonly SessionStoreKey s_other = new(Enumerable.Repeat((byte)2, SessionStoreKey.Length).ToArray());

    private readonly FakeTimeProvider _time = new();
    private MemorySessionStore _store = null!;
    private byte[] _bytes = null!;

    [SetUp]
    public async Task PutOne()
    {
        // Swept so rarely that no test here lives to see it.
        var options = new MemorySessionStoreOptions { MaxRecords = 1, SweepInterval = TimeSpan.FromDays(1), TimeProvider = _time };
        _store = new MemorySessionStore(options);
        await _store.PutAsync(s_key, Record(), s_lifetime);
        _bytes = BytesOf(RecordsOf(_store)[s_key]);
        Assert.That(_bytes, Is.EqualTo(Record()));
    }

    [TearDown]
    public async Task DropStore() => await _store.DisposeAsync();

    [Test]
    public async Task Record_Removed_IsWiped()
    {
        await _store.RemoveAsync(s_key);
        Assert.That(_bytes, Is.All.Zero);
    }

    [Test]
    public async Task Record_Replaced_IsWiped()
    {
        await _store.PutAsync(s_key, Record(), s_lifetime);
        Assert.That(_bytes, Is.All.Zero);
        Assert.That(await _store.GetAsync(s_key), Is.EqualTo(Record()));
    }

    [Test]
    public async Task Record_Evicted_IsWiped()
    {
        await _store.PutAsync(s_other, Record(), s_lifetime);
        Assert.That(_bytes, Is.All.Zero);
    }

    [Test]
    public async Task Record_FoundExpired_IsWiped()
    {
        _time.Advance(s_lifetime);
        Assert.That(await _store.GetAsync(s_key), Is.Null);
        Assert.That(_bytes, Is.All.Zero);
    }

    [Test]
    public async Task Record_TakenExpired_IsWiped()
    {
        _time.Advance(s_lifetime);
        Assert.That(await _store.TakeAsync(s_key), Is.Null);
        Assert.That(_bytes, Is.All.Zero);
    }

    [Test]
    public async Task Record_StoreDisposed_IsWiped()
    {
        await _store.DisposeAsync();
        Assert.That(_bytes, Is.All.Zero);
    }

    [Test]
    public void Key_AsText_ShowsEightDigitsOnly() => Assert.That(s_key.ToString(), Is.EqualTo("01010101"));

    private static byte[] Record() => [.. Enumerable.Repeat((byte)0xA5, 100)];

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_records")]
    private static extern ref ConcurrentDictionary<SessionStoreKey, MemoryRecord> RecordsOf(MemorySessionStore store);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bytes")]
    private static extern ref byte[] BytesOf(MemoryRecord record);
}
