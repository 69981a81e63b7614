using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenSslSessionCb;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the page that shows whether TLS sessions resume.</summary>
public static class OpenSslSessionsEndpointRouteBuilderExtensions
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps a page that shows, live, each connection of the browser that looks at it: which node, TLS version, cipher, full or resumed, and
    /// how long the handshake took; with the cache's statistics, and which server contexts do not share, and why.
    /// </summary>
    /// <remarks>
    /// It names the machine, its processes and the host names that clients asked for, and counts; it shows no session id, key, path
    /// or client address. What this returns stands for the page, its script, its style and its data together:
    /// <c>app.MapOpenSslSessions("/sessions").RequireAuthorization()</c>. The page works without a cache as well, and says
    /// why nothing is shared.
    /// </remarks>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">Where the page is; its parts are below. <c>/sessions</c>, for example.</param>
    /// <returns>For conventions on all of it: authorization, hosts, rate limits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    public static IEndpointConventionBuilder MapOpenSslSessions(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var page = new SessionsPage(endpoints.ServiceProvider);
        RouteGroupBuilder group = endpoints.MapGroup(pattern);
        group.MapMethods("", s_methods, SessionsPage.Document).WithDisplayName("TLS sessions");
        group.MapMethods("data", s_methods, page.Data).WithDisplayName("TLS sessions: data");
        foreach (PageAsset part in SessionsPage.Parts)
        {
            group.MapMethods(part.Name, s_methods, context => SessionsPage.Part(context, part))
                .WithDisplayName($"TLS sessions: {part.Name}");
        }

        group.ExcludeFromDescription();
        return group;
    }
}
