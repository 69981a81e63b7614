using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>Two endpoints of one Kestrel.</summary>
internal sealed class KestrelServers : Servers
{
    private readonly WebApplication _app;
    private readonly ObservedStore _store;
    private readonly X509Certificate2 _certificate;

    private KestrelServers(WebApplication app, ObservedStore store, X509Certificate2 certificate)
    {
        _app = app;
        _store = store;
        _certificate = certificate;
    }

    protected override IReadOnlyList<IPEndPoint> EndPoints =>
        [.. _app.Urls.Select(static url => IPEndPoint.Parse(url["https://".Length..]))];

    protected override SessionCache? Cache => _app.Services.GetService<HostedSessionCache>()?.Cache;

    internal static async Task<KestrelServers> StartAsync(TemporaryFolder folder, bool isAlone, IReadOnlyList<Demand> demands)
    {
        var store = new ObservedStore();
        X509Certificate2 certificate = Certificates.WriteSelfSigned(folder, "server");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (int i = 0; i < demands.Count; i++)
            {
                Listen(kestrel, i, demands[i], certificate);
            }
        });
        if (!isAlone)
        {
            builder.Services.AddOpenSslSessionCache(settings =>
            {
                settings.KeyFile = folder["sessions.key"];
                settings.CreateKeyFile = true;
                settings.NearCacheCapacity = 0;
                settings.LookupDeadline = TimeSpan.FromSeconds(1);
            }).UseStore(_ => store);
        }

        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new KestrelServers(app, store, certificate);
    }

    public override async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        _certificate.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, int server, Demand demand, X509Certificate2 certificate) =>
        kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.SslProtocols = ProtocolsOf(server);
            https.ClientCertificateMode = demand.Mode;
            https.OnAuthenticate = (_, authentication) => authentication.CertificateChainPolicy = demand.MakePolicy();
        }));

    private static async Task AnswerAsync(HttpContext context)
    {
        // With DelayCertificate this asks for it; else it says what is known.
        X509Certificate2? client = await context.Connection.GetClientCertificateAsync();
        string page = PageOf(client?.Subject);
        context.Response.ContentLength = page.Length;
        await context.Response.WriteAsync(page);
    }
}
