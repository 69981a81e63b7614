using System.Text;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>What is answered to a request, whichever server sends it.</summary>
internal sealed record Page(int Status, ReadOnlyMemory<byte> Body, string ContentType)
{
    internal const string PlainText = "text/plain; charset=utf-8";
    internal const string Json = "application/json";

    /// <summary>The methods there are, where the request had another; else null.</summary>
    internal string? Allow => Status == 405 ? "GET, HEAD" : null;

    internal static Page Error(int status) => new(status, Encoding.UTF8.GetBytes($"{status} {Reason(status)}\n"), PlainText);

    internal static string Reason(int status) => status switch
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
