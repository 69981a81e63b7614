using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenSslSessionCb.Tool.Serving;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>--stack kestrel: an ASP.NET Core app, with the cache put in place as any app does it.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(5);

    private readonly ServerCounters _counters = new();
    private readonly WebApplication _app;
    private IPEndPoint? _localEndPoint;

    private KestrelServer(ServeOptions options)
    {
        // No settings of the folder or the environment: what serve does, its command line says.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = s_closingTime);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.WebHost.UseSockets(transport =>
        {
            transport.Backlog = ListenSocket.Backlog;
            transport.CreateBoundListenSocket = endPoint => ListenSocket.Open((IPEndPoint)endPoint);
        });
        if (!options.NoCache)
        {
            AddCache(builder.Services, options);
        }

        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>With the real port, where 0 was asked for.</summary>
    internal IPEndPoint LocalEndPoint => _localEndPoint!;

    internal static async Task<KestrelServer> StartAsync(ServeOptions options)
    {
        ConnectionObserver.Start();
        var server = new KestrelServer(options);
        try
        {
            await server._app.StartAsync();
            var address = new Uri(server._app.Urls.Single());
            server._localEndPoint = new IPEndPoint(options.Listen.Address, address.Port);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until told to stop, then says goodbye to everybody.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddCache(IServiceCollection services, ServeOptions options) =>
        services.AddOpenSslSessionCache(cache =>
        {
            cache.Farm = options.Farm;
            cache.KeyFile = options.UsedKeyRingFile;
            cache.CreateKeyFile = cache.KeyFile is not null;
            cache.KeyFileReloadInterval = options.KeyFileReload ?? cache.KeyFileReloadInterval;
            cache.LookupDeadline = SessionStorage.LookupDeadlineOf(options);
        }).UseStore(_ => options.Store.Open());

    private void Listen(KestrelServerOptions kestrel, ServeOptions options)
    {
        HttpsConnectionAdapterOptions https = HostedAuthentication.CreateForKestrel(options);
        kestrel.AddServerHeader = false;
        kestrel.Listen(options.Listen, listen =>
        {
            listen.Use(next => connection => ObserveAsync(connection, next));
            listen.UseHttps(https);
            listen.Use(next => connection =>
            {
                connection.Features.GetRequiredFeature<ObservedConnection>().HandshakeDone();
                return next(connection);
            });
        });
    }

    private async Task ObserveAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        ObservedConnection observed = ConnectionObserver.Expect();
        connection.Features.Set(observed);
        _counters.Opened();
        try
        {
            await next(connection);
        }
        finally
        {
            _counters.Closed();
            if (!observed.IsHandshakeDone)
            {
                _counters.HandshakeFailed();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var pages = new Pages(_app.Services.GetService<HostedSessionCache>()?.Cache, _counters);
        Page page = pages.Find(
            context.Request.Method, context.Request.Path.Value ?? "/", context.Features.GetRequiredFeature<ObservedConnection>().Facts);
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = page.ContentType;
        context.Response.ContentLength = page.Body.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (page.Allow is { } allow)
        {
            context.Response.Headers.Allow = allow;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(page.Body);
        }
    }
}
