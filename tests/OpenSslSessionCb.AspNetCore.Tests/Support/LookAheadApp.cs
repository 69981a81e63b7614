using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>
/// Kestrel in this process, whose pages say what is known of their connection; nothing is near, all comes from the store.
/// </summary>
internal static class LookAheadApp
{
    internal static WebApplication Build(
        TemporaryFolder folder,
        ISessionStore store,
        Action<OpenSslSessionCacheOptions>? options = null,
        Action<KestrelServerOptions, X509Certificate2>? configure = null,
        Action<IServiceCollection>? before = null,
        Action<IServiceCollection>? after = null,
        Action<SessionCacheBuilder>? sessions = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        X509Certificate2 certificate = Certificates.WriteSelfSigned(folder, "server");
        configure ??= static (kestrel, certificate) => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate));
        builder.WebHost.ConfigureKestrel(kestrel => configure(kestrel, certificate));
        before?.Invoke(builder.Services);
        SessionCacheBuilder cache = builder.Services.AddOpenSslSessionCache(settings =>
        {
            settings.KeyFile = folder["sessions.key"];
            settings.CreateKeyFile = true;
            settings.NearCacheCapacity = 0;

            // A cold process on a machine full of tests may need more than 20 ms for its first lookup.
            settings.LookupDeadline = TimeSpan.FromSeconds(1);
            options?.Invoke(settings);
        }).UseStore(_ => store);
        sessions?.Invoke(cache);
        after?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.Run(static context =>
            context.Response.WriteAsync($"resumed {context.Features.Get<ITlsSessionFeature>()?.Resumed}, sessions\n"));
        return app;
    }
}
