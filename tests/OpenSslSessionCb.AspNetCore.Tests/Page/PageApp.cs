using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>Kestrel in this process with the page at /sessions, and a client of it that keeps its connection.</summary>
internal sealed class PageApp : IAsyncDisposable
{
    /// <summary>All that the page consists of.</summary>
    internal static readonly string[] Paths =
        ["", "/page.css", "/page.js", "/seen.js", "/tables.js", "/charts.js", "/elements.js", "/icon.svg", "/data"];

    private readonly WebApplication _app;

    private PageApp(WebApplication app)
    {
        _app = app;
        Client = NewClient(HttpVersion.Version11);
    }

    internal HttpClient Client { get; }

    internal IPEndPoint EndPoint => _app.EndPoint();

    internal HostedSessionCache Sessions => _app.Sessions();

    internal static async Task<PageApp> StartAsync(
        TemporaryFolder folder, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        WebApplication app = KestrelApp.Build(
            folder,
            builder =>
            {
                builder.Services.AddRouting();
                (configure ?? AddCache)(builder);
            },
            map ?? (static made => made.MapOpenSslSessions("/sessions")));
        await app.StartAsync();
        return new PageApp(app);
    }

    internal HttpClient NewClient(Version version)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(_app.Urls.First()),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    internal async Task<JsonElement> DataAsync(string query = "", HttpClient? client = null)
    {
        using JsonDocument json =
            JsonDocument.Parse(await (client ?? Client).GetStringAsync(new Uri("/sessions/data" + query, UriKind.Relative)));
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static void AddCache(WebApplicationBuilder builder) => builder.Services.AddOpenSslSessionCache().UseMemory();
}
