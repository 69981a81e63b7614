using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>Looking ahead stands in front of whatever transport Kestrel would take, and does not get in its way.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class KestrelTransportTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task PlainHttp_BesideTls_IsServed()
    {
        await using WebApplication app = await StartAsync(static (kestrel, _) => kestrel.Listen(IPAddress.Loopback, 0));
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(new Uri(app.Urls.First())), Does.Contain("resumed ,"));
    }

    [Test]
    public async Task Http2WithoutTls_IsServed()
    {
        await using WebApplication app = await StartAsync(
            static (kestrel, _) => kestrel.Listen(IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        using var client = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.That(await client.GetStringAsync(new Uri(app.Urls.First())), Does.Contain("resumed ,"));
    }

    [Test]
    public async Task UnixSocket_PlainHttp_IsServed()
    {
        string path = _folder["socket"];
        await using WebApplication app = await StartAsync((kestrel, _) => kestrel.ListenUnixSocket(path));
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        Assert.That(await client.GetStringAsync(new Uri("http://localhost/")), Does.Contain("resumed ,"));
    }

    [Test]
    public async Task PlainHttp_OnATlsEndpoint_IsTurnedAwayAsBefore()
    {
        await using WebApplication app = await StartAsync(null);
        using var client = new HttpClient();
        Assert.That(
            async () => await client.GetStringAsync(new Uri("http://" + app.EndPoint())), Throws.InstanceOf<HttpRequestException>());
    }

    [TestCase(false, "resumed False", Description = "ours stands in front of it")]
    [TestCase(true, "resumed ,", Description = "Kestrel takes it before ours, and nothing looks ahead")]
    public async Task Transport_OfTheAppsOwn_IsUsed(bool after, string known)
    {
        var transport = new CountingTransport(canBind: true);
        await using var store = new ObservedStore();
        await using WebApplication app = LookAheadApp.Build(
            _folder,
            store,
            before: services => Add(services, !after, transport),
            after: services => Add(services, after, transport));
        await app.StartAsync();
        using var client = new RawTlsClient("1.3");
        using RawTlsVisit visit = await client.VisitAsync(app.EndPoint());

        Assert.That(visit.Answer, Does.Contain(known));
        Assert.That(transport.Bound, Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Transport_ThatCannotBindThere_IsPassedOver(bool after)
    {
        var transport = new CountingTransport(canBind: false);
        await using var store = new ObservedStore();
        await using WebApplication app = LookAheadApp.Build(
            _folder,
            store,
            before: services => Add(services, !after, transport),
            after: services => Add(services, after, transport));
        await app.StartAsync();
        using var client = new RawTlsClient("1.3");
        using RawTlsVisit visit = await client.VisitAsync(app.EndPoint());

        Assert.That(visit.Answer, Does.Contain("resumed False"));
        Assert.That(transport.Bound, Is.Zero);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task GenericHost_WhicheverComesFirst_LooksAhead(bool cacheFirst)
    {
        using var certificate = Certificates.WriteSelfSigned(_folder, "server");
        IHostBuilder builder = new HostBuilder().ConfigureLogging(static logging => logging.ClearProviders());
        Action[] steps =
        [
            () => builder.ConfigureServices(static services => services.AddOpenSslSessionCache().UseMemory()),
            () => builder.ConfigureWebHost(web => web
                .UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)))
                .Configure(static app => app.Run(static context =>
                    context.Response.WriteAsync($"resumed {context.Features.Get<ITlsSessionFeature>()?.Resumed}, sessions\n")))),
        ];
        foreach (Action step in cacheFirst ? steps : steps.Reverse())
        {
            step();
        }

        using IHost host = builder.Build();
        await host.StartAsync();
        var addresses = host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
            .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!;
        using var client = new RawTlsClient("1.3");
        using RawTlsVisit visit = await client.VisitAsync(IPEndPoint.Parse(addresses.Addresses.Single()["https://".Length..]));
        await host.StopAsync();

        Assert.That(visit.Answer, Does.Contain("resumed False"));
    }

    private static void Add(IServiceCollection services, bool now, CountingTransport transport)
    {
        if (now)
        {
            services.AddSingleton<IConnectionListenerFactory>(transport);
        }
    }

    private async Task<WebApplication> StartAsync(
        Action<KestrelServerOptions, System.Security.Cryptography.X509Certificates.X509Certificate2>? configure)
    {
        WebApplication app = LookAheadApp.Build(_folder, new MemorySessionStore(), configure: configure);
        await app.StartAsync();
        return app;
    }
}
