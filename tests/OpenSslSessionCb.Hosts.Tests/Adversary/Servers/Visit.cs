using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>How one connection of openssl's s_client went.</summary>
/// <param name="IsServed">Whether it got the page, and not an alert, a closed connection or an HTTP error.</param>
/// <param name="IsResumed">Whether the handshake took up the session that it offered.</param>
/// <param name="Process">The server's that served it, where the page says so.</param>
/// <param name="All">What s_client said, the certificates and sessions left out.</param>
internal sealed partial record Visit(bool IsServed, bool IsResumed, int Process, string All)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks for the page /.</summary>
    /// <param name="port">Of 127.0.0.1.</param>
    /// <param name="options">Of s_client: the version, the name, the client's certificate, the session file.</param>
    internal static async Task<Visit> ToAsync(int port, params string[] options)
    {
        ProcessResult result = await ChildProcess.RunAsync("openssl",
            ["s_client", "-connect", $"127.0.0.1:{port}", "-ign_eof", .. options], "GET / HTTP/1.0\r\n\r\n", keepInputOpen: s_patience);
        Match process = ProcessInPage().Match(result.Output);
        return new Visit(process.Success || SmallServersPage().IsMatch(result.Output),
            result.Output.Contains("Reused, TLSv", StringComparison.Ordinal),
            process.Success ? int.Parse(process.Groups[1].Value, CultureInfo.InvariantCulture) : 0,
            Bulk().Replace(result.All, ""));
    }

    /// <summary>For failures, where <see cref="All"/> stands besides.</summary>
    public override string ToString() => $"served: {IsServed}, resumed: {IsResumed}";

    // s_client writes what it receives into the middle of what it says of a session: they are two buffers.

    /// <summary>In the page of <see cref="AdversaryHost"/>.</summary>
    [GeneratedRegex(@"served by (\d+)\r?\n")]
    private static partial Regex ProcessInPage();

    /// <summary>The line of the small servers in C.</summary>
    [GeneratedRegex(@"\d (full|resumed)\r?\n")]
    private static partial Regex SmallServersPage();

    /// <summary>Certificates, and tickets in hexadecimal.</summary>
    [GeneratedRegex(@"-----BEGIN.*?-----END [^\n]*\n| +[0-9a-f]{4} - [^\n]*\n", RegexOptions.Singleline)]
    private static partial Regex Bulk();
}
