using System.Globalization;
using System.Text;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>Gets pages from a sesscb serve over one connection that is kept alive.</summary>
internal sealed class PageReader(TlsConnection connection)
{
    private const string EndOfHead = "\r\n\r\n";
    private const string LengthHeader = "\r\nContent-Length: ";

    internal async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var received = new StringBuilder();
        var chunk = new byte[4096];
        while (true)
        {
            int count = await connection.ReadAsync(chunk, cancellationToken);
            if (count == 0)
            {
                throw new TlsFailedException($"the server hung up before it had answered {path}");
            }

            received.Append(Encoding.ASCII.GetString(chunk, 0, count));
            if (TryReadBody(received.ToString(), out string body))
            {
                return body;
            }
        }
    }

    private static bool TryReadBody(string response, out string body)
    {
        body = "";
        int head = response.IndexOf(EndOfHead, StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        int length = response.IndexOf(LengthHeader, StringComparison.Ordinal) + LengthHeader.Length;
        int expected = int.Parse(response[length..response.IndexOf('\r', length)], CultureInfo.InvariantCulture);
        body = response[(head + EndOfHead.Length)..];
        return body.Length >= expected;
    }
}
