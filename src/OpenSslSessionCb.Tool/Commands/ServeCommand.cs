using System.CommandLine;
using OpenSslSessionCb.Tool.Serving;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb serve: its options, read and checked.</summary>
internal static class ServeCommand
{
    internal const string UntilStdinClosesOption = "--until-stdin-closes";

    internal static Command Create()
    {
        var listen = new Option<string>("--listen") { HelpName = "ADDRESS:PORT", Description = "Where to listen; port 0 takes a free one.", DefaultValueFactory = static _ => "127.0.0.1:8443" };
        var stack = new Option<string>("--stack")
        {
            HelpName = "openssl|sslstream",
            Description = "What speaks TLS: libssl by itself, or .NET's SslStream with the cache attached to the process. .NET chooses the libssl of its own stack.",
            DefaultValueFactory = static _ => "openssl",
        };
        var cert = new Option<string?>("--cert")
        {
            HelpName = "FILE",
            Description = "The certificate chain, PEM. Without it one is made, for this process alone: sessions are bound to the certificate, so processes that shall share them need the same --cert and --key.",
        };
        var key = new Option<string?>("--key") { HelpName = "FILE", Description = "The certificate's private key, PEM, without a passphrase." };
        var store = new Option<string>("--store") { HelpName = "memory|sqlite:PATH|redis:HOST:PORT[,OPTIONS]", Description = "Where sessions are kept: in this process, in a file that processes of this machine share, or in a Redis, Valkey or Garnet that machines share; OPTIONS are those of StackExchange.Redis.", DefaultValueFactory = static _ => "memory" };
        var keyFile = new Option<string?>("--key-file") { HelpName = "FILE", Description = "The key ring that seals sessions, made when absent; the same for all who share a store. For sqlite, unless given: PATH.key." };
        var farm = new Option<string>("--farm") { HelpName = "NAME", Description = "Sessions resume only among servers of one farm.", DefaultValueFactory = static _ => "default" };
        var tls = new Option<string>("--tls") { HelpName = "1.2|1.3|any", Description = "The version spoken.", DefaultValueFactory = static _ => "any" };
        var clientCa = new Option<string?>("--client-ca") { HelpName = "FILE", Description = "Clients must show a certificate that one of these CAs signed, PEM." };
        var tickets = new Option<string>("--tickets") { HelpName = "on|off", Description = "on: libssl's own tickets, which carry the session and need no store. off: sessions are kept in the store.", DefaultValueFactory = static _ => "off" };
        var ciphers = new Option<string?>("--ciphers") { HelpName = "LIST", Description = "With colons between; names that begin with TLS_ are suites of TLS 1.3, the others are for TLS 1.2." };
        Option<string?> libssl = LibSslOption.Create();
        var untilStdinCloses = new Option<bool>(UntilStdinClosesOption) { Hidden = true };

        var command = new Command("serve", "Serve https with OpenSSL and share its sessions: / says how you were connected, /stats what the cache did.")
        {
            listen, stack, cert, key, store, keyFile, farm, tls, clientCa, tickets, ciphers, libssl, untilStdinCloses,
        };
        command.SetAction((parsed, _) =>
        {
            var options = new ServeOptions
            {
                Stack = TlsStacks.Parse(parsed.GetRequiredValue(stack)),
                Listen = ListenAddress.Parse(parsed.GetRequiredValue(listen)),
                CertificateFile = parsed.GetValue(cert),
                KeyFile = parsed.GetValue(key),
                Store = StoreChoice.Parse(parsed.GetRequiredValue(store)),
                KeyRingFile = parsed.GetValue(keyFile),
                Farm = parsed.GetRequiredValue(farm),
                Tls = TlsVersions.Parse(parsed.GetRequiredValue(tls)),
                ClientCaFile = parsed.GetValue(clientCa),
                Tickets = ParseSwitch(parsed.GetRequiredValue(tickets)),
                Ciphers = parsed.GetValue(ciphers) is { } list ? CipherChoice.Parse(list) : CipherChoice.LibSslDefault,
                UntilStdinCloses = parsed.GetValue(untilStdinCloses),
            };
            options.Validate();
            TlsStacks.BindLibSsl(options.Stack, parsed.GetValue(libssl));
            return ServeRun.RunAsync(options);
        });
        return command;
    }

    private static bool ParseSwitch(string text) => text switch
    {
        "on" => true,
        "off" => false,
        _ => throw ToolException.ForUsage($"--tickets {text} is neither on nor off."),
    };
}
