using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb.Tests;

/// <summary>A cache that has something huge under a key: what it brings is the cache's affair, what is made of it is ours.</summary>
public sealed class DistributedCacheBoundTests
{
    private const int Huge = 64 * 1024 * 1024;

    private static SessionStoreKey Key => TroubleTests.Key(1);

    private static string Name => "osscb:" + Key.ToHexString();

    [TestCase(SessionStoreRecord.MaxLength, SessionStoreRecord.MaxLength)]
    [TestCase(SessionStoreRecord.MaxLength + 1, SessionStoreRecord.MaxLength + 1)]
    [TestCase(Huge, SessionStoreRecord.MaxLength + 1)]
    public async Task Get_CacheOfArrays_CutOneByteBehindTheBound(int length, int expected)
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = 2L * Huge }));
        await using var store = new DistributedCacheSessionStore(cache);
        await cache.SetAsync(Name, new byte[length]);

        Assert.That(await store.GetAsync(Key), Has.Length.EqualTo(expected));
    }

    [Test]
    public async Task Get_CacheThatWritesPieces_StoppedAtTheBound(
        [Values(1, 4096, 64 * 1024)] int piece, [Values] bool hints, [Values] bool swallows)
    {
        var cache = new PiecesCache { Length = Huge, Piece = piece, Hints = hints, Swallows = swallows };
        await using var store = new DistributedCacheSessionStore(cache);

        Assert.That(await store.GetAsync(Key), Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(cache.Written, Is.LessThan(4 * SessionStoreRecord.MaxLength), "bytes that the cache could write");
    }

    [Test]
    public async Task Get_CacheThatAsksForAllTheRoomAtOnce_GetsNone()
    {
        var cache = new PiecesCache { Length = Huge, Piece = Huge, Hints = true };
        await using var store = new DistributedCacheSessionStore(cache);

        Assert.That(await store.GetAsync(Key), Has.Length.EqualTo(SessionStoreRecord.MaxLength + 1));
        Assert.That(cache.Written, Is.Zero);
    }

    [Test]
    public async Task Get_LongestRecordInPieces_Whole(
        [Values(1, 4096, 50_000, SessionStoreRecord.MaxLength)] int piece, [Values] bool hints)
    {
        var cache = new PiecesCache { Length = SessionStoreRecord.MaxLength, Piece = piece, Hints = hints };
        await using var store = new DistributedCacheSessionStore(cache);

        Assert.That(
            await store.GetAsync(Key), Has.Length.EqualTo(SessionStoreRecord.MaxLength).And.All.EqualTo(PiecesCache.Content));
    }

    [Test]
    public async Task Get_CacheFailsByItself_Throws()
    {
        await using var store = new DistributedCacheSessionStore(new PiecesCache { Length = 100, Piece = 0 });

        Assert.That(async () => await store.GetAsync(Key), Throws.TypeOf<SessionStoreException>());
    }

    /// <summary>Has a long value under every key, and writes it in pieces.</summary>
    private sealed class PiecesCache()
        : MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())), IBufferDistributedCache
    {
        internal const byte Content = 7;

        internal int Length { get; init; }

        /// <summary>0: it fails.</summary>
        internal int Piece { get; init; }

        /// <summary>Whether it says how much room it wants, or takes what it gets.</summary>
        internal bool Hints { get; init; }

        /// <summary>Whether it makes a miss of a failure.</summary>
        internal bool Swallows { get; init; }

        internal int Written { get; private set; }

        public bool TryGet(string key, IBufferWriter<byte> destination)
        {
            try
            {
                while (Written < Length)
                {
                    Span<byte> room = destination.GetSpan(Hints ? Piece : 0);
                    int length = Math.Min(Math.Min(Piece, room.Length), Length - Written);
                    ArgumentOutOfRangeException.ThrowIfZero(length);
                    room[..length].Fill(Content);
                    destination.Advance(length);
                    Written += length;
                }

                return true;
            }
            catch (InvalidOperationException) when (Swallows)
            {
                return false;
            }
        }

        public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default) =>
            new(TryGet(key, destination));

        public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
            throw new NotSupportedException();

        public ValueTask SetAsync(
            string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
            throw new NotSupportedException();
    }
}
