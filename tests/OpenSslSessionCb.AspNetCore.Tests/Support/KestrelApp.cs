using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>Kestrel in this process.</summary>
internal static class KestrelApp
{
    /// <param name="folder">Gets the server's certificate.</param>
    /// <param name="configure">Adds services.</param>
    /// <param name="map">What it serves; null: hello, whatever it is asked.</param>
    internal static WebApplication Build(
        TemporaryFolder folder, Action<WebApplicationBuilder> configure, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        X509Certificate2 certificate = Certificates.WriteSelfSigned(folder, "server");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        configure(builder);
        WebApplication app = builder.Build();
        map ??= static made => made.Run(static context => context.Response.Body.WriteAsync("hello\n"u8.ToArray()).AsTask());
        map(app);
        return app;
    }

    internal static IPEndPoint EndPoint(this WebApplication app) => IPEndPoint.Parse(app.Urls.First()["https://".Length..]);

    internal static HostedSessionCache Sessions(this WebApplication app) => app.Services.GetRequiredService<HostedSessionCache>();
}
