using System.Text.Json;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Serving;

[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
[Platform("Linux")]
public sealed class PagesTests
{
    private ServeProcess _server = null!;

    [OneTimeSetUp]
    public async Task StartServer() => _server = await ServeProcess.StartAsync();

    [OneTimeTearDown]
    public void StopServer() => _server.Dispose();

    [Test]
    public void Announcement_DefaultOptions_SaysAllThereIsToKnow() =>
        Assert.That(_server.Announcement, Does.Match(
            $@"^sesscb: listening on 127\.0\.0\.1:[1-9][0-9]*, pid {_server.Id}, OpenSSL [1-9][0-9a-z.]+, store memory, farm default$"));

    [Test]
    public async Task Root_Get_SaysHowTheClientIsConnected()
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse response = await client.AskAsync("GET / HTTP/1.1");

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Line("reused"), Is.EqualTo("no"));
        Assert.That(response.Line("protocol"), Is.EqualTo("TLSv1.3"));
        Assert.That(response.Line("cipher"), Does.StartWith("TLS_"));
        Assert.That(response.Line("session"), Does.Match("^[0-9a-f]{8}$"));
        Assert.That(response.Line("certificate"), Is.EqualTo("no"));
        Assert.That(response.Line("pid"), Is.EqualTo(_server.Id.ToString()));
    }

    [Test]
    public async Task Stats_Get_IsJsonWithTheCounters()
    {
        JsonElement statistics = await _server.StatisticsAsync();

        string[] names = [.. statistics.EnumerateObject().Select(static property => property.Name)];
        Assert.That(names, Is.SupersetOf((string[])
            ["new", "get", "hits", "misses", "removed", "rejected", "errors", "queued", "dropped", "liveSessions",
                "nearHits", "late", "foreignIds", "storeAway", "notKept", "pid", "libssl", "connections", "failedHandshakes"]));
        Assert.That(statistics.GetProperty("pid").GetInt32(), Is.EqualTo(_server.Id));
        Assert.That(statistics.GetProperty("new").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task Head_AnyPage_HasTheHeadersAndNoBody()
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse head = await client.AskAsync("HEAD / HTTP/1.1");
        HttpResponse get = await client.AskAsync("GET / HTTP/1.1");

        // A body after the first one would have been taken for the second one's head.
        Assert.That((head.Status, get.Status), Is.EqualTo((200, 200)));
        Assert.That(head.Head, Is.EqualTo(get.Head));
    }

    [TestCase("GET /nothing HTTP/1.1", 404)]
    [TestCase("GET /stats?x=1 HTTP/1.1", 200)]
    [TestCase("GET https://localhost/ HTTP/1.1", 200)]
    [TestCase("POST / HTTP/1.1", 405)]
    [TestCase("BREW /stats HTTP/1.1", 405)]
    [TestCase("GET / HTTP/2.0", 505)]
    [TestCase("nonsense", 400)]
    public async Task Request_OfEachKind_HasItsStatus(string requestLine, int status)
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse response = await client.AskAsync(requestLine);

        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(response.Header("Allow"), Is.EqualTo(status == 405 ? "GET, HEAD" : null));
    }

    [Test]
    public async Task Requests_Pipelined_AreAnsweredInTurn()
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /stats HTTP/1.1\r\nHost: a\r\n\r\nGET /no HTTP/1.1\r\nHost: a\r\n"
            + "Connection: close\r\n\r\n");

        Assert.That((await client.ReadResponseAsync()).Body, Does.StartWith("reused: "));
        Assert.That((await client.ReadResponseAsync()).Body, Does.StartWith("{"));
        Assert.That((await client.ReadResponseAsync()).Status, Is.EqualTo(404));
        Assert.That(await client.IsClosedByServerAsync(), Is.True);
    }

    [TestCase("GET / HTTP/1.1", "Connection: close")]
    [TestCase("GET / HTTP/1.0", "Accept: */*")]
    [TestCase("POST / HTTP/1.1", "Content-Length: 5")]
    [TestCase("POST / HTTP/1.1", "Transfer-Encoding: chunked")]
    public async Task Connection_NothingMoreToCome_IsClosed(string requestLine, string header)
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse response = await client.AskAsync(requestLine, header);

        Assert.That(response.Header("Connection"), Is.EqualTo("close"));
        Assert.That(await client.IsClosedByServerAsync(), Is.True);
    }

    [Test]
    public async Task Request_HeadTooLarge_IsRefused()
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse response = await client.AskAsync("GET / HTTP/1.1", "X-Long: " + new string('x', 100_000));

        Assert.That(response.Status, Is.EqualTo(431));
        Assert.That(await client.IsClosedByServerAsync(), Is.True);
    }
}
