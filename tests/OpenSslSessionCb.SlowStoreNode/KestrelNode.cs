using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb.SlowStoreNode;

internal static class KestrelNode
{
    internal static async Task RunAsync(SlowStore store, X509Certificate2 certificate, string keyFile, bool lookAhead)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        builder.Services.AddOpenSslSessionCache(options =>
        {
            options.KeyFile = keyFile;
            options.CreateKeyFile = true;
            options.NearCacheCapacity = 0;
            options.LookupDeadline = TimeSpan.FromSeconds(1);
            options.LookAhead = lookAhead;
        }).UseStore(_ => store);

        await using WebApplication app = builder.Build();
        SessionCache Cache() => app.Services.GetRequiredService<HostedSessionCache>().Cache!;
        app.Run(context => context.Response.WriteAsync(
            $"{Cache().Statistics}\nresumed {context.Features.Get<ITlsSessionFeature>()?.Resumed}, waiting {store.MostWaiting}, "
                + $"sessions {store.Count}\n"));
        await app.StartAsync();
        Console.WriteLine(new Uri(app.Urls.Single()).Port);
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
