using System.Text.Json;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Hosted;

/// <summary>serve --stack kestrel answers as the other stacks do.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
[Platform("Linux")]
public sealed class KestrelPagesTests
{
    private ServeProcess _server = null!;

    [OneTimeSetUp]
    public async Task StartServer() => _server = await ServeProcess.StartAsync("--stack", "kestrel");

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

        Assert.That(response.Line("reused"), Is.EqualTo("no"));
        Assert.That(response.Line("protocol"), Is.EqualTo("TLSv1.3"));
        Assert.That(response.Line("cipher"), Does.StartWith("TLS_"));
        Assert.That(response.Line("session"), Does.Match("^[0-9a-f]{8}$"));
        Assert.That(response.Line("certificate"), Is.EqualTo("no"));
        Assert.That(response.Line("pid"), Is.EqualTo(_server.Id.ToString()));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(response.Header("Server"), Is.Null);
    }

    [Test]
    public async Task Stats_Get_HasTheMembersOfTheOtherStacks()
    {
        using ServeProcess openssl = await ServeProcess.StartAsync();

        Assert.That(Names(await _server.StatisticsAsync()), Is.EqualTo(Names(await openssl.StatisticsAsync())));

        static string[] Names(JsonElement statistics) => [.. statistics.EnumerateObject().Select(static property => property.Name)];
    }

    [Test]
    public async Task Stats_HandshakeFailed_IsCounted()
    {
        using ServeProcess server = await ServeProcess.StartAsync("--stack", "kestrel", "--tls", "1.3");
        await ChildProcess.RunAsync("openssl", ["s_client", "-connect", server.Address, "-tls1_2"]);

        JsonElement statistics = await server.StatisticsAsync();

        Assert.That(statistics.GetProperty("failedHandshakes").GetInt64(), Is.EqualTo(1));
        Assert.That(statistics.GetProperty("connections").GetInt64(), Is.EqualTo(2));
        Assert.That(statistics.GetProperty("openConnections").GetInt64(), Is.EqualTo(1));
    }

    [TestCase("GET /nothing HTTP/1.1", 404)]
    [TestCase("GET /stats?x=1 HTTP/1.1", 200)]
    [TestCase("HEAD / HTTP/1.1", 200)]
    [TestCase("POST / HTTP/1.1", 405)]
    public async Task Request_OfEachKind_HasItsStatus(string requestLine, int status)
    {
        using TlsClient client = await TlsClient.ConnectAsync(_server.EndPoint);

        HttpResponse response = await client.AskAsync(requestLine);

        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(response.Header("Allow"), Is.EqualTo(status == 405 ? "GET, HEAD" : null));
    }
}
