using System.Text;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>An HTTP/1.1 response, ready to be sent.</summary>
internal static class Response
{
    internal const string PlainText = "text/plain; charset=utf-8";
    internal const string Json = "application/json";

    internal static byte[] Create(int status, ReadOnlySpan<byte> body, string contentType, RequestHead request, string extraHeaders = "")
    {
        string head =
            $"HTTP/1.1 {status} {Reason(status)}\r\n" +
            $"Content-Type: {contentType}\r\n" +
            $"Content-Length: {body.Length}\r\n" +
            "Cache-Control: no-store\r\n" +
            extraHeaders +
            $"Connection: {(request.KeepAlive ? "keep-alive" : "close")}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. request.Method == "HEAD" ? [] : body];
    }

    internal static byte[] Error(int status, RequestHead request, string extraHeaders = "") =>
        Create(status, Encoding.UTF8.GetBytes($"{status} {Reason(status)}\n"), PlainText, request, extraHeaders);

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        505 => "HTTP Version Not Supported",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
