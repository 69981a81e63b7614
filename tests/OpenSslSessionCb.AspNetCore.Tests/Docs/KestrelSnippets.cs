using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OpenSslSessionCb.AspNetCore.Tests.Docs;

/// <summary>The code of docs/kestrel.md that is not the sample's, so that it compiles. KestrelDocumentTests compares the texts.</summary>
internal static class KestrelSnippets
{
    internal static void Redis(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenSslSessionCache(o =>
        {
            o.Farm = "shop";
            o.KeyFile = "/etc/myapp/sessions.key";
        }).UseRedis("redis.internal:6379");
    }

    internal static void Page(WebApplication app)
    {
        app.MapOpenSslSessions("/sessions").RequireAuthorization();
    }
}
