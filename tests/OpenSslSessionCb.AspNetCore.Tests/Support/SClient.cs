using System.Net;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>Debian's openssl s_client, which prints whether it resumed.</summary>
internal static class SClient
{
    private const string Http1Request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>The preface, empty SETTINGS, the request as HEADERS on stream 1, and GOAWAY.</summary>
    private static readonly string s_http2Request =
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0, "")
        + Frame(1, 5, 1, Header(":method", "GET") + Header(":scheme", "https") + Header(":path", "/") + Header(":authority", "localhost"))
        + Frame(7, 0, 0, new string('\0', 8));

    /// <summary>Connects, asks for the page, and reads to the end: by then it has the ticket.</summary>
    internal static async Task<string> GetAsync(IPEndPoint server, params IEnumerable<string> options)
    {
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", server.ToString(), "-ign_eof", .. options],
            options.Contains("h2") ? s_http2Request : Http1Request,
            keepInputOpen: TimeSpan.FromSeconds(10));
        return result.All;
    }

    private static string Frame(int type, int flags, int stream, string payload) =>
        $"\0\0{(char)payload.Length}{(char)type}{(char)flags}\0\0\0{(char)stream}{payload}";

    /// <summary>A literal that is not indexed, so that no byte is above 127.</summary>
    private static string Header(string name, string value) => $"\0{(char)name.Length}{name}{(char)value.Length}{value}";
}
