using System.Buffers;
using System.IO.Pipelines;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>What Kestrel reads, when it reads it.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class LookAheadPipeReaderTests
{
    // The beginning of a hello, and no more of it.
    private static readonly byte[] s_beginning = [22, 3, 1, 2, 0, 1, 0, 1, 0xfc];

    private Pipe _pipe = null!;
    private SessionCache _cache = null!;
    private SessionLookAhead _lookAhead = null!;
    private LookAheadPipeReader _reader = null!;

    [SetUp]
    public void MakeReader()
    {
        OpenSslLibrary.UseSslStreamLibrary();
        _cache = new SessionCache(new MemorySessionStore());
        _lookAhead = new SessionLookAhead(_cache);
        _pipe = new Pipe();
        _reader = new LookAheadPipeReader(_pipe.Reader, _lookAhead);
    }

    [TearDown]
    public async Task DisposeOfCache()
    {
        await _pipe.Writer.CompleteAsync();
        await _reader.CompleteAsync();
        await _cache.DisposeAsync();
    }

    [Test]
    public async Task ReadAsync_WhatIsNotTls_ComesWithItsFirstByte()
    {
        await _pipe.Writer.WriteAsync("G"u8.ToArray());
        ReadResult result = await _reader.ReadAsync();

        Assert.That(result.Buffer.ToArray(), Is.EqualTo("G"u8.ToArray()));
        _reader.AdvanceTo(result.Buffer.End);
    }

    [Test]
    public async Task ReadAsync_PartOfAHello_WaitsForMoreAndConsumesNothing()
    {
        await _pipe.Writer.WriteAsync(s_beginning);
        Task<ReadResult> read = _reader.ReadAsync().AsTask();
        Assert.That(read.IsCompleted, Is.False);

        await _pipe.Writer.CompleteAsync();
        ReadResult result = await read;
        Assert.That(result.Buffer.ToArray(), Is.EqualTo(s_beginning));
        Assert.That(result.IsCompleted);
        _reader.AdvanceTo(result.Buffer.End);
    }

    [Test]
    public async Task ReadAsync_CancelledInMidHello_GoesOnWithTheNext()
    {
        await _pipe.Writer.WriteAsync(s_beginning);
        using var cancellation = new CancellationTokenSource();
        Task<ReadResult> read = _reader.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());

        Task<ReadResult> next = _reader.ReadAsync().AsTask();
        Assert.That(next.IsCompleted, Is.False, "it still waits for the rest");
        await _pipe.Writer.CompleteAsync();
        ReadResult result = await next;
        Assert.That(result.Buffer.ToArray(), Is.EqualTo(s_beginning));
        _reader.AdvanceTo(result.Buffer.End);
    }

    [Test]
    public async Task CancelPendingRead_InMidHello_GivesWhatThereIs()
    {
        await _pipe.Writer.WriteAsync(s_beginning);
        Task<ReadResult> read = _reader.ReadAsync().AsTask();
        _reader.CancelPendingRead();
        ReadResult result = await read;

        Assert.That(result.IsCanceled);
        Assert.That(result.Buffer.ToArray(), Is.EqualTo(s_beginning));
        _reader.AdvanceTo(result.Buffer.GetPosition(5));

        // It was seen in part, so what follows is no beginning; it passes, with the bytes that come next: what a pipe's reader has
        // examined once does not wake it again.
        await _pipe.Writer.WriteAsync((byte[])[1]);
        ReadResult next = await _reader.ReadAsync();
        Assert.That(next.Buffer.ToArray(), Is.EqualTo((byte[])[.. s_beginning[5..], 1]));
        _reader.AdvanceTo(next.Buffer.End);
    }

    [Test]
    public async Task TryRead_InMidHello_GivesWhatThereIs()
    {
        await _pipe.Writer.WriteAsync(s_beginning);
        Assert.That(_reader.TryRead(out ReadResult result));
        Assert.That(result.Buffer.ToArray(), Is.EqualTo(s_beginning));
        _reader.AdvanceTo(result.Buffer.Start);
        Assert.That((await _reader.ReadAsync()).Buffer.ToArray(), Is.EqualTo(s_beginning));
        _reader.AdvanceTo(result.Buffer.End);
    }
}
