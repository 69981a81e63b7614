using System.Net.Sockets;
using System.Text;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Serving;

[TestFixture]
[Platform("Linux")]
public sealed class HostilePeerTests
{
    private ServeProcess _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await ServeProcess.StartAsync();

    [TearDown]
    public void StopServer() => _server.Dispose();

    [Test]
    public async Task Port_PlainHttp_LeavesItServing()
    {
        await SendRawAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        await AssertServesAsync(failedHandshakes: 1);
    }

    [Test]
    public async Task Port_Garbage_LeavesItServing()
    {
        const int Peers = 50;
        var random = new Random(20260101);
        for (int i = 0; i < Peers; i++)
        {
            var garbage = new byte[random.Next(1, 20_000)];
            random.NextBytes(garbage);

            // Half of it looks like a handshake record at first.
            if (i % 2 == 0)
            {
                new byte[] { 0x16, 3, 1, 0x10, 0 }.AsSpan(0, Math.Min(5, garbage.Length)).CopyTo(garbage);
            }

            await SendRawAsync(garbage);
        }

        await AssertServesAsync(failedHandshakes: Peers);
    }

    [Test]
    public async Task Connections_NeverSpeaking_DoNotHoldUpTheOthers()
    {
        var silent = new List<Socket>();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                await socket.ConnectAsync(_server.EndPoint);
            }

            await AssertServesAsync(failedHandshakes: 0);
        }
        finally
        {
            silent.ForEach(static socket => socket.Dispose());
        }

        await Eventually.IsTrueAsync(async () => await _server.StatisticAsync("openConnections") == 1, "a connection leaks");
        Assert.That(await _server.StatisticAsync("failedHandshakes"), Is.EqualTo(300));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Connection_NeverSpeaking_IsClosedAfterTheHandshakeTime()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.EndPoint);

        Assert.That(await socket.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(30)), Is.Zero);
    }

    [Test]
    public async Task Connections_ResetInTheMiddle_LeaveNothingBehind()
    {
        for (int i = 0; i < 100; i++)
        {
            using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);
            await client.SendAsync("GET /");
            client.Reset();
        }

        await Eventually.IsTrueAsync(async () => await _server.StatisticAsync("openConnections") == 1, "a connection leaks");
        Assert.That(await _server.StatisticAsync("errors"), Is.Zero);
    }

    [Test]
    public async Task Connections_TwoHundredAtOnce_AreAllServed()
    {
        TlsClient[] clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => TlsClient.ConnectAsync(_server.EndPoint)));
        try
        {
            // All are connected before the first one asks.
            HttpResponse[] responses = await Task.WhenAll(clients.Select(static client => client.AskAsync("GET / HTTP/1.1")));

            Assert.That(responses.Select(static response => response.Status), Is.All.EqualTo(200));
            Assert.That(await _server.StatisticAsync("openConnections"), Is.EqualTo(201));
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Test]
    public async Task LiveSessions_ManyConnectionsLater_AreThoseOfTheCacheAndOfOpenConnections()
    {
        for (int i = 0; i < 200; i++)
        {
            using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);
            await client.AskAsync("GET / HTTP/1.1", "Connection: close");
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                var statistics = await _server.StatisticsAsync();
                long Read(string name) => statistics.GetProperty(name).GetInt64();

                // An open connection may hold one of its own besides the one that the cache keeps.
                return Read("liveSessions") <= Read("nearCacheCount") + Read("openConnections") + Read("queued");
            },
            "sessions leak");
    }

    private async Task SendRawAsync(byte[] bytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.EndPoint);
        await socket.SendAsync(bytes);
        socket.Shutdown(SocketShutdown.Send);
        try
        {
            var answer = new byte[4096];
            while (await socket.ReceiveAsync(answer).WaitAsync(ChildProcess.Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an answer too.
        }
    }

    private async Task AssertServesAsync(int failedHandshakes)
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);
        Assert.That((await client.AskAsync("GET / HTTP/1.1")).Status, Is.EqualTo(200));
        Assert.That((await client.StatisticsAsync()).GetProperty("failedHandshakes").GetInt32(), Is.EqualTo(failedHandshakes));
    }
}
