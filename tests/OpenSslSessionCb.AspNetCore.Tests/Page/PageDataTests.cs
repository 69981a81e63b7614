using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>What the page is told.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class PageDataTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Data_NamesNodeAndConnection()
    {
        await using PageApp app = await PageApp.StartAsync(_folder);

        JsonElement data = await app.DataAsync();

        Assert.That(Names(data), Is.EqualTo(new[] { "node", "connection", "notShared", "statistics", "contexts", "history" }));
        Assert.That(
            data.GetProperty("node").ToString(),
            Is.EqualTo($$"""{"process":{{Environment.ProcessId}},"machine":"{{Environment.MachineName}}"}"""));
        JsonElement connection = data.GetProperty("connection");
        Assert.That(Names(connection), Is.EqualTo(new[] { "id", "tls", "cipher", "http", "resumed", "handshakeMilliseconds" }));
        Assert.That(connection.GetProperty("tls").GetString(), Is.EqualTo("TLS 1.3"));
        Assert.That(connection.GetProperty("cipher").GetString(), Does.StartWith("TLS_"));
        Assert.That(connection.GetProperty("http").GetString(), Is.EqualTo("HTTP/1.1"));
        Assert.That(data.GetProperty("notShared").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(data.GetProperty("statistics").GetProperty("new").GetInt64(), Is.EqualTo(1));
        JsonElement context = data.GetProperty("contexts").EnumerateArray().Single();
        Assert.That(Names(context), Is.EqualTo(new[] { "certificate", "hostName", "shares", "why" }));
        Assert.That(context.GetProperty("shares").GetBoolean(), Is.True);
        Assert.That(
            Names(data.GetProperty("history")[0]),
            Is.EqualTo(new[] { "ago", "hits", "misses", "storeLookups", "storeMilliseconds", "slowestMilliseconds" }));
    }

    [Test]
    public async Task Handshake_IsWhatTheConnectionsFeatureSays()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, map: static made =>
        {
            made.Use(static (context, next) =>
            {
                context.Features.Set<ITlsSessionFeature>(new Resumption());
                return next(context);
            });
            made.MapOpenSslSessions("/sessions");
        });

        JsonElement connection = (await app.DataAsync()).GetProperty("connection");

        Assert.That(
            (connection.GetProperty("resumed").GetBoolean(), connection.GetProperty("handshakeMilliseconds").GetDouble()),
            Is.EqualTo((true, 1.5)));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Close_TheNextAnswerIsOnANewConnection(string version)
    {
        await using PageApp app = await PageApp.StartAsync(_folder);
        using HttpClient client = app.NewClient(Version.Parse(version));

        string first = await ConnectionAsync("");
        string second = await ConnectionAsync("");
        string last = await ConnectionAsync("?close");
        string other = await ConnectionAsync("");

        Assert.That((second, last), Is.EqualTo((first, first)));
        Assert.That(other, Is.Not.EqualTo(first));

        async Task<string> ConnectionAsync(string query) =>
            (await app.DataAsync(query, client)).GetProperty("connection").GetProperty("id").GetString()!;
    }

    [Test]
    public async Task History_HasHitsAndTheStoresTime()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, builder => builder.Services
            .AddOpenSslSessionCache(o =>
                (o.KeyFile, o.CreateKeyFile, o.NearCacheCapacity, o.LookupDeadline) = (_folder["keys"], true, 0, TimeSpan.FromSeconds(1)))
            .UseSqlite(_folder["sessions.db"]));
        await app.DataAsync();
        await SClient.GetAsync(app.EndPoint, "-sess_out", _folder["session"]);
        await Eventually.IsTrueAsync(() => app.Sessions.Cache!.Statistics.Queued == 0, "the session is not written");
        Assert.That(await SClient.GetAsync(app.EndPoint, "-sess_in", _folder["session"]), Does.Contain("Reused, "));

        // The slots may have moved on meanwhile.
        JsonElement[] slots = [.. (await app.DataAsync()).GetProperty("history").EnumerateArray()];

        Assert.That(slots.Sum(static slot => slot.GetProperty("hits").GetInt64()), Is.EqualTo(1));
        Assert.That(slots.Sum(static slot => slot.GetProperty("storeLookups").GetInt64()), Is.GreaterThanOrEqualTo(1));
        Assert.That(slots.Sum(static slot => slot.GetProperty("storeMilliseconds").GetDouble()), Is.GreaterThan(0));
        Assert.That(slots.Max(static slot => slot.GetProperty("slowestMilliseconds").GetDouble()), Is.GreaterThan(0));
    }

    [Test]
    public async Task FilteredOut_SaysWhy()
    {
        await using PageApp app = await PageApp.StartAsync(_folder,
            static builder => builder.Services.AddOpenSslSessionCache().UseMemory().UseFilter(static _ => false));

        JsonElement context = (await app.DataAsync()).GetProperty("contexts").EnumerateArray().Single();

        Assert.That(
            (context.GetProperty("shares").GetBoolean(), context.GetProperty("why").GetString()),
            Is.EqualTo((false, "the filter says no")));
    }

    [Test]
    public async Task OtherSystem_SaysWhyNothingIsShared()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, static builder =>
        {
            builder.Services.AddSingleton(new HostPlatform(UsesOpenSsl: false));
            builder.Services.AddOpenSslSessionCache().UseMemory();
        });

        await AssertNothingIsSharedAsync(app, "SslStream and Kestrel do not use OpenSSL on this system.");
    }

    [Test]
    public async Task NoCacheAdded_SaysSo()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, static _ => { });

        await AssertNothingIsSharedAsync(app, "the app does not call AddOpenSslSessionCache.");
    }

    private static async Task AssertNothingIsSharedAsync(PageApp app, string why)
    {
        JsonElement data = await app.DataAsync();
        Assert.That(data.GetProperty("notShared").GetString(), Is.EqualTo(why));
        Assert.That(data.GetProperty("statistics").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((data.GetProperty("contexts").GetArrayLength(), data.GetProperty("history").GetArrayLength()), Is.EqualTo((0, 0)));
        Assert.That(data.GetProperty("connection").GetProperty("tls").GetString(), Is.EqualTo("TLS 1.3"));
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(static property => property.Name)];

    private sealed class Resumption : ITlsSessionFeature
    {
        public bool? Resumed => true;

        public TimeSpan? HandshakeDuration => TimeSpan.FromMilliseconds(1.5);
    }
}
