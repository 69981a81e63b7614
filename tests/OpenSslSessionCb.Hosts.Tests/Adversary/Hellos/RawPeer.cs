using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A client without TLS: it sends records, and reads those that come.</summary>
internal sealed class RawPeer : IDisposable
{
    private const int MostInARecord = 16 * 1024;
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;

    private readonly TcpClient _client = new() { NoDelay = true };

    internal static async Task<RawPeer> ConnectAsync(int port)
    {
        var peer = new RawPeer();
        await peer._client.ConnectAsync(IPAddress.Loopback, port);
        return peer;
    }

    internal async Task SendAsync(RawHello hello)
    {
        byte[] records = [.. hello.ToMessage().Chunk(MostInARecord).SelectMany(static part => RecordOf(Handshake, part))];
        await _client.GetStream().WriteAsync(records);
    }

    /// <summary>handshake_failure, fatal, as anybody can write it before there are keys.</summary>
    internal async Task SendAlertAsync() => await _client.GetStream().WriteAsync(RecordOf(Alert, [2, 40]));

    /// <summary>
    /// Waits for what the server answers: a ServerHello, or a HelloRetryRequest, which is one, too, and has something behind it
    /// for middleboxes.
    /// </summary>
    internal async Task ReadServerHelloAsync()
    {
        byte type;
        byte[] content;
        do
        {
            (type, content) = await ReadAsync() ?? throw new AssertionException("the server has hung up");
        }
        while (type == ChangeCipherSpec);
        Assert.That((type, content[0]), Is.EqualTo((Handshake, (byte)2)), Convert.ToHexString(content));
    }

    /// <summary>Waits until the server has hung up.</summary>
    internal async Task ReadToEndAsync()
    {
        try
        {
            while (await ReadAsync() is not null)
            {
            }
        }
        catch (IOException)
        {
            // By a reset.
        }
    }

    public void Dispose() => _client.Dispose();

    private static byte[] RecordOf(byte type, byte[] content) =>
        [type, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private async Task<(byte Type, byte[] Content)?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var header = new byte[5];
        int length = await _client.GetStream().ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, patience.Token);
        if (length < header.Length)
        {
            return null;
        }

        var content = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
        await _client.GetStream().ReadExactlyAsync(content, patience.Token);
        return (header[0], content);
    }
}
