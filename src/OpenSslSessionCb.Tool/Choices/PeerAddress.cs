using System.Globalization;
using System.Net;

namespace OpenSslSessionCb.Tool.Choices;

/// <summary>A server to connect to, as HOST:PORT says.</summary>
internal sealed record PeerAddress(string Host, int Port)
{
    /// <summary>What goes into the ClientHello as the host name: none for a bare address.</summary>
    internal string? HostName => IPAddress.TryParse(Host, out _) ? null : Host;

    internal static PeerAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        UriHostNameType type = host.Length == 0 ? UriHostNameType.Unknown : Uri.CheckHostName(host);
        bool fits = bracketed ? type == UriHostNameType.IPv6 : type is UriHostNameType.Dns or UriHostNameType.IPv4;
        if (!fits || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            throw ToolException.ForUsage(
                $"{text} is not an address and a port: give www.example.com:443, 192.0.2.1:443 or [2001:db8::1]:443 for instance.");
        }

        return new PeerAddress(host, port);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
