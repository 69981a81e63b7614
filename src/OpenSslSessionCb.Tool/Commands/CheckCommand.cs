using System.CommandLine;
using System.Globalization;
using OpenSslSessionCb.Tool.Checking;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb check: its options, read and checked.</summary>
internal static class CheckCommand
{
    private const int LongestTimeout = 300;

    internal static Command Create()
    {
        var addresses = new Argument<string[]>("HOST:PORT")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The servers of a farm, each by an address of its own, not the load balancer's.",
        };
        var sni = new Option<string?>("--sni")
        {
            HelpName = "NAME",
            Description = "The host name to ask every server for; otherwise the one in its address, if it is a name. "
                + "Most servers resume a session for the name it was made for only.",
        };
        var timeout = new Option<string>("--timeout")
        {
            HelpName = "SECONDS",
            Description = "How long a server may take to be connected to and shake hands.",
            DefaultValueFactory = static _ => "5",
        };
        var cert = new Option<string?>("--cert")
        {
            HelpName = "FILE",
            Description = "The client certificate to show to servers that ask for one, in PEM.",
        };
        var key = new Option<string?>("--key") { HelpName = "FILE", Description = "Its private key, in PEM." };
        Option<string?> libssl = LibSslOption.Create();

        var command = new Command(
            "check",
            "See which TLS servers resume whose sessions: each is offered a session that each of them made, on TLS 1.2 and 1.3. "
            + "Any servers will do; their certificates are not verified. "
            + "Exit code 0: every pair that speaks a version resumes; 1: some do not.")
        {
            addresses, sni, timeout, cert, key, libssl,
        };
        command.SetAction((parsed, _) =>
        {
            PeerAddress[] peers = [.. parsed.GetRequiredValue(addresses).Select(PeerAddress.Parse).Distinct()];
            (string? certificateFile, string? keyFile) = (parsed.GetValue(cert), parsed.GetValue(key));
            if (certificateFile is null != keyFile is null)
            {
                throw ToolException.ForUsage("--cert and --key go together: give both or neither.");
            }

            var options = new CheckOptions(
                peers, ParseName(parsed.GetValue(sni)), ParseTimeout(parsed.GetRequiredValue(timeout)), certificateFile, keyFile);
            LibSslOption.Bind(parsed.GetValue(libssl));
            return CheckRun.RunAsync(options);
        });
        return command;
    }

    private static string? ParseName(string? text) => text is null || Uri.CheckHostName(text) == UriHostNameType.Dns ? text
        : throw ToolException.ForUsage($"--sni {text} is not a host name.");

    private static TimeSpan ParseTimeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= LongestTimeout
            ? TimeSpan.FromSeconds(seconds)
            : throw ToolException.ForUsage($"--timeout {text} is not a number of seconds from 1 to {LongestTimeout}.");
}
