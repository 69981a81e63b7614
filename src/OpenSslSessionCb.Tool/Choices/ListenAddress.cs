using System.Globalization;
using System.Net;

namespace OpenSslSessionCb.Tool.Choices;

/// <summary>Reads HOST:PORT of --listen.</summary>
internal static class ListenAddress
{
    internal static IPEndPoint Parse(string text)
    {
        // Not IPEndPoint.TryParse: it reads "8443" as the address 0.0.32.251 with port 0.
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        IPAddress? address = host == "localhost" ? IPAddress.Loopback : null;
        if (colon < 0
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || (!bracketed && host.Contains(':', StringComparison.Ordinal))
            || (address is null && !IPAddress.TryParse(bracketed ? host[1..^1] : host, out address)))
        {
            throw ToolException.ForUsage($"--listen {text} is not an address and a port: "
                + "give 127.0.0.1:8443 or [::1]:8443 for instance, with port 0 for a free one.");
        }

        return new IPEndPoint(address, port);
    }
}
