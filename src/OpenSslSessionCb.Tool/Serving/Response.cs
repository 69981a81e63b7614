using System.Text;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>An HTTP/1.1 response, ready to be sent.</summary>
internal static class Response
{
    internal static byte[] Create(Page page, RequestHead request)
    {
        string head =
            $"HTTP/1.1 {page.Status} {Page.Reason(page.Status)}\r\n" +
            $"Content-Type: {page.ContentType}\r\n" +
            $"Content-Length: {page.Body.Length}\r\n" +
            "Cache-Control: no-store\r\n" +
            (page.Allow is { } allow ? $"Allow: {allow}\r\n" : "") +
            $"Connection: {(request.KeepAlive ? "keep-alive" : "close")}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. request.Method == "HEAD" ? [] : page.Body.Span];
    }
}
