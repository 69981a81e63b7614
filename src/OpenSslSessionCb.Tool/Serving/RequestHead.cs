using System.Text;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>What counts of a request's head.</summary>
/// <param name="Method">As the client spelt it.</param>
/// <param name="Path">Without query, and without scheme and host where the client sent them.</param>
/// <param name="KeepAlive">Whether another request may follow.</param>
/// <param name="Problem">The status to answer with when the head is no proper one; else 0.</param>
internal sealed record RequestHead(string Method, string Path, bool KeepAlive, int Problem = 0)
{
    internal static RequestHead TooLarge { get; } = Refused(431);

    /// <summary>Reads a head, the empty line at its end included.</summary>
    internal static RequestHead Parse(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.Latin1.GetString(head).TrimEnd('\r', '\n').Split('\n');
        string[] request = lines[0].TrimEnd('\r').Split(' ');
        if (request is not [{ Length: > 0 } method, { Length: > 0 } target, { } version]
            || !version.StartsWith("HTTP/", StringComparison.Ordinal))
        {
            return Refused(400);
        }

        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            return Refused(505);
        }

        bool keepAlive = version == "HTTP/1.1";
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]))
            {
                return Refused(400);
            }

            keepAlive = WithHeader(line[..colon], line[(colon + 1)..].Trim(), keepAlive);
        }

        return new RequestHead(method, PathOf(target), keepAlive);
    }

    private static bool WithHeader(string name, string value, bool keepAlive)
    {
        if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            return value.Contains("close", StringComparison.OrdinalIgnoreCase) ? false
                : keepAlive || value.Contains("keep-alive", StringComparison.OrdinalIgnoreCase);
        }

        // Nothing here has use for a body: where one begins, the conversation ends.
        bool hasBody = name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            || (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && value != "0");
        return keepAlive && !hasBody;
    }

    private static string PathOf(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (!target.StartsWith('/') && scheme > 0)
        {
            int slash = target.IndexOf('/', scheme + 3);
            target = slash < 0 ? "/" : target[slash..];
        }

        int query = target.IndexOfAny(['?', '#']);
        return query < 0 ? target : target[..query];
    }

    private static RequestHead Refused(int status) => new("", "", KeepAlive: false, status);
}
