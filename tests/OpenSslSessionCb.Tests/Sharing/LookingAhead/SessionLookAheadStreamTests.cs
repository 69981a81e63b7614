using System.Text;
using NUnit.Framework;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What the stream does with bytes, whatever they are: nothing.</summary>
public sealed class SessionLookAheadStreamTests
{
    private SessionCache _cache = null!;
    private byte[] _hello = null!;

    [SetUp]
    public void MakeCache()
    {
        _cache = new SessionCache(new MemorySessionStore());
        using TlsContext client = TlsContext.Client(0);
        _hello = RecordedHello.Of(client);
    }

    [TearDown]
    public async Task DisposeOfCache() => await _cache.DisposeAsync();

    [Test]
    public async Task ReadAsync_AnyBytesInAnyParts_AreTheSameBytes(
        [Values(1, 3, 1000, 100_000)] int partLength, [Values(1, 5, 700)] int readLength)
    {
        using TlsContext client = TlsContext.Client(0);
        RecordedHello.OfferLongAlpn(client, 16_000);
        byte[] neverEnding = [22, 3, 1, 0x3f, 0, 1, 0, 0x3e, 0x80, .. new byte[20_000]];
        byte[][] streams =
        [
            [], _hello, [.. _hello, 1, 2, 3], RecordedHello.Of(client), _hello[..100], neverEnding,
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [22],
        ];
        foreach (byte[] bytes in streams)
        {
            await using var stream = new SessionLookAheadStream(new ScriptedStream(bytes, partLength), _cache);
            Assert.That(await ReadAllAsync(stream, readLength), Is.EqualTo(bytes));
        }
    }

    [Test]
    public async Task ReadAsync_Hello_IsPassedOnWholeAndNotBefore()
    {
        var inner = new ScriptedStream(_hello, 1, ends: false);
        await using var stream = new SessionLookAheadStream(inner, _cache);
        Assert.That(await stream.ReadAsync(new byte[5]), Is.EqualTo(5));
        Assert.That(inner.HandedOut, Is.EqualTo(_hello.Length));
    }

    [Test]
    public async Task ReadAsync_WhatIsNotTls_PassesWithItsFirstByte()
    {
        await using var stream = new SessionLookAheadStream(new ScriptedStream("GET /"u8.ToArray(), 1, ends: false), _cache);
        var buffer = new byte[10];
        Assert.That(await stream.ReadAsync(buffer), Is.EqualTo(1));
        Assert.That(buffer[0], Is.EqualTo((byte)'G'));
    }

    [Test]
    public async Task ReadAsync_CancelledInMidHello_GoesOnWithTheNextRead()
    {
        byte[] bytes = [.. _hello];
        var inner = new ScriptedStream(bytes[..50], 10, ends: false);
        await using var stream = new SessionLookAheadStream(inner, _cache);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.That(async () => await stream.ReadAsync(new byte[5], cancellation.Token), Throws.InstanceOf<OperationCanceledException>());

        // What came is not lost, and nothing of it has passed unseen: a read that does not wait gets it.
        Assert.That(await stream.ReadAsync(Memory<byte>.Empty), Is.Zero);
        var buffer = new byte[100];
        Assert.That(stream.Read(buffer), Is.EqualTo(50));
        Assert.That(buffer[..50], Is.EqualTo(bytes[..50]));
    }

    [Test]
    public async Task ReadAsync_OfNoBytes_LeavesTheHelloToTheNextRead()
    {
        await using var stream = new SessionLookAheadStream(new ScriptedStream(_hello, 7), _cache);
        Assert.That(await stream.ReadAsync(Memory<byte>.Empty), Is.Zero);
        Assert.That(await ReadAllAsync(stream, 100), Is.EqualTo(_hello));
    }

    [Test]
    public void Read_Synchronous_PassesWithoutLooking()
    {
        var inner = new ScriptedStream(_hello, 4);
        using var stream = new SessionLookAheadStream(inner, _cache);
        Assert.That(stream.Read(new byte[100], 0, 100), Is.EqualTo(4));
        Assert.That(inner.HandedOut, Is.EqualTo(4));
        Assert.That(stream.ReadByte(), Is.EqualTo(_hello[4]));
    }

    [Test]
    public async Task ReadAsync_AsBeginAndEnd_IsTheSame()
    {
        await using var stream = new SessionLookAheadStream(new ScriptedStream(_hello, 9), _cache);
        var buffer = new byte[_hello.Length];
        Assert.That(
            await Task.Factory.FromAsync(stream.BeginRead, stream.EndRead, buffer, 0, buffer.Length, null), Is.EqualTo(_hello.Length));
        Assert.That(buffer, Is.EqualTo(_hello));
    }

    [Test]
    public async Task Writes_AllKinds_ReachTheInnerStreamInOrder()
    {
        var inner = new ScriptedStream([], 1);
        await using (var stream = new SessionLookAheadStream(inner, _cache))
        {
            stream.Write("a"u8);
            stream.Write("b"u8.ToArray(), 0, 1);
            stream.WriteByte((byte)'c');
            await stream.WriteAsync("d"u8.ToArray());
#pragma warning disable CA1835 // The older overload is what is tried.
            await stream.WriteAsync("e"u8.ToArray(), 0, 1);
#pragma warning restore CA1835
            await Task.Factory.FromAsync(stream.BeginWrite, stream.EndWrite, "f"u8.ToArray(), 0, 1, null);
            stream.Flush();
            await stream.FlushAsync();
        }

        Assert.That(Encoding.ASCII.GetString([.. inner.Written]), Is.EqualTo("abcdef"));
        Assert.That(inner.Flushes, Is.EqualTo(2));
    }

    [Test]
    public void Members_OfTheInnerStream_AreThoseOfThisOne_ButItDoesNotSeek()
    {
        var inner = new ScriptedStream([], 1);
        using var stream = new SessionLookAheadStream(inner, _cache);
        stream.ReadTimeout++;
        stream.WriteTimeout++;
        Assert.That((stream.CanRead, stream.CanWrite, stream.CanTimeout, stream.CanSeek), Is.EqualTo((true, true, true, false)));
        Assert.That((inner.ReadTimeout, inner.WriteTimeout, stream.ReadTimeout, stream.WriteTimeout), Is.EqualTo((8, 9, 8, 9)));
        Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.SetLength(1), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position, Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public async Task Dispose_EitherWay_TakesTheInnerStreamAlongUnlessItIsToStayOpen(
        [Values] bool leaveInnerOpen, [Values] bool asynchronously)
    {
        var inner = new ScriptedStream([], 1);
        var stream = new SessionLookAheadStream(inner, _cache, leaveInnerOpen);
        if (asynchronously)
        {
            await stream.DisposeAsync();
        }
        else
        {
            stream.Dispose();
        }

        Assert.That(inner.IsDisposed, Is.EqualTo(!leaveInnerOpen));
        await inner.DisposeAsync();
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, int length)
    {
        var all = new List<byte>();
        var buffer = new byte[length];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            all.AddRange(buffer[..read]);
        }

        return [.. all];
    }
}
