using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenSslSessionCb;

/// <summary>The page's answers. Nothing in them comes from elsewhere, and nothing is to be kept by anybody.</summary>
internal sealed class SessionsPage(IServiceProvider services)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Stands in page.html for the path that the page was asked for with: it may lie anywhere, and behind a path base.</summary>
    private const string BasePlaceholder = "{base}";

    private static readonly PageAsset s_document = PageAsset.Read("page.html");

    private readonly PageDataSource _source = new(services);

    /// <summary>What the document loads: style, scripts, icon.</summary>
    internal static IReadOnlyList<PageAsset> Parts { get; } =
        [.. ((string[])["page.css", "page.js", "seen.js", "tables.js", "charts.js", "elements.js", "icon.svg"]).Select(PageAsset.Read)];

    internal static Task Document(HttpContext context)
    {
        string path = context.Request.PathBase.Add(context.Request.Path).ToUriComponent().TrimEnd('/');
        Begin(context, s_document.ContentType);
        return context.Response.WriteAsync(
            s_document.Text.Replace(BasePlaceholder, HtmlEncoder.Default.Encode(path), StringComparison.Ordinal), context.RequestAborted);
    }

    internal static Task Part(HttpContext context, PageAsset part)
    {
        Begin(context, part.ContentType);
        return context.Response.WriteAsync(part.Text, context.RequestAborted);
    }

    /// <summary>
    /// What is known now. <c>?close</c> makes this the last answer on its connection, so that the next one is a new connection's.
    /// </summary>
    internal Task Data(HttpContext context)
    {
        PageData data = _source.Read(context);
        if (context.Request.Query.ContainsKey("close"))
        {
            // HTTP/1.1: Connection: close. HTTP/2: GOAWAY.
            context.Connection.RequestClose();
        }

        Begin(context, "application/json; charset=utf-8");
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(data, PageJson.Default.PageData);
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private static void Begin(HttpContext context, string contentType)
    {
        IHeaderDictionary headers = context.Response.Headers;
        context.Response.ContentType = contentType;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
