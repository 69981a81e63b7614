using System.CommandLine;
using System.Globalization;
using OpenSslSessionCb.Setup;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Serving;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb serve: its options, read and checked.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var listen = new Option<string>("--listen")
        {
            HelpName = "ADDRESS:PORT",
            Description = "Where to listen; port 0 takes a free one.",
            DefaultValueFactory = static _ => "127.0.0.1:8443",
        };
        var stack = new Option<string>("--stack")
        {
            HelpName = "openssl|sslstream|kestrel",
            Description = "What speaks TLS: libssl by itself, .NET's SslStream with the cache attached to the process, "
                + "or ASP.NET Core's Kestrel with AddOpenSslSessionCache. .NET chooses the libssl of its own stacks.",
            DefaultValueFactory = static _ => "openssl",
        };
        var cert = new Option<string?>("--cert")
        {
            HelpName = "FILE",
            Description = "The certificate chain, PEM. Without it one is made, for this process alone: "
                + "sessions are bound to the certificate, so processes that shall share them need the same --cert and --key.",
        };
        var key = new Option<string?>("--key")
        {
            HelpName = "FILE",
            Description = "The certificate's private key, PEM, without a passphrase.",
        };
        var store = new Option<string>("--store")
        {
            HelpName = "memory|sqlite:PATH|redis:HOST:PORT[,OPTIONS]",
            Description = "Where sessions are kept: in this process, in a file that processes of this machine share, or in a Redis, "
                + "Valkey or Garnet that machines share; OPTIONS are those of StackExchange.Redis.",
            DefaultValueFactory = static _ => "memory",
        };
        var keyFile = new Option<string?>("--key-file")
        {
            HelpName = "FILE",
            Description = "The key ring that seals sessions, made when absent; the same for all who share a store. "
                + "For sqlite, unless given: PATH.key.",
        };
        var farm = new Option<string>("--farm")
        {
            HelpName = "NAME",
            Description = "Sessions resume only among servers of one farm.",
            DefaultValueFactory = static _ => "default",
        };
        var tls = new Option<string>("--tls")
        {
            HelpName = "1.2|1.3|any",
            Description = "The version spoken.",
            DefaultValueFactory = static _ => "any",
        };
        var clientCa = new Option<string?>("--client-ca")
        {
            HelpName = "FILE",
            Description = "Clients must show a certificate that one of these CAs signed, PEM.",
        };
        var tickets = new Option<string>("--tickets")
        {
            HelpName = "on|off",
            Description = "on: libssl's own tickets, which carry the session and need no store. off: sessions are kept in the store.",
            DefaultValueFactory = static _ => "off",
        };
        var ciphers = new Option<string?>("--ciphers")
        {
            HelpName = "LIST",
            Description = "With colons between; names that begin with TLS_ are suites of TLS 1.3, the others are for TLS 1.2.",
        };
        var lookupDeadline = new Option<string?>("--lookup-deadline")
        {
            HelpName = "MS",
            Description = "How long a handshake waits for the store at most, 1 to 1000 milliseconds; then it is a full one. "
                + "Unless given: 20 for redis, 500 for a store on this machine.",
        };
        var keyFileReload = new Option<string?>("--key-file-reload")
        {
            HelpName = "SECONDS",
            Description = "How often --stack kestrel reads the key ring again, 1 to 86400; 60 unless given.",
        };
        var noCache = new Option<bool>("--no-cache")
        {
            Description = "The same server without this library, to compare with: sessions are shared with nobody.",
        };
        Option<string?> libssl = LibSslOption.Create();
        var untilStdinCloses = new Option<bool>(StopSignals.UntilStdinClosesOption) { Hidden = true };

        var command = new Command(
            "serve", "Serve https with OpenSSL and share its sessions: / says how you were connected, /stats what the cache did.")
        {
            listen, stack, cert, key, store, keyFile, farm, tls, clientCa, tickets, ciphers, lookupDeadline, keyFileReload, noCache, libssl,
            untilStdinCloses,
        };
        command.SetAction((parsed, _) =>
        {
            var options = new ServeOptions
            {
                Stack = TlsStacks.Parse(parsed.GetRequiredValue(stack)),
                Listen = ListenAddress.Parse(parsed.GetRequiredValue(listen)),
                CertificateFile = parsed.GetValue(cert),
                KeyFile = parsed.GetValue(key),
                Store = StoreUri.Parse(parsed.GetRequiredValue(store), "--store"),
                KeyRingFile = parsed.GetValue(keyFile),
                Farm = parsed.GetRequiredValue(farm),
                Tls = TlsVersions.Parse(parsed.GetRequiredValue(tls)),
                ClientCaFile = parsed.GetValue(clientCa),
                Tickets = ParseSwitch(parsed.GetRequiredValue(tickets)),
                Ciphers = parsed.GetValue(ciphers) is { } list ? CipherChoice.Parse(list) : CipherChoice.LibSslDefault,
                LookupDeadline = parsed.GetValue(lookupDeadline) is { } wait
                    ? ParseNumber(lookupDeadline.Name, wait, 1000, "milliseconds") * TimeSpan.FromMilliseconds(1)
                    : null,
                KeyFileReload = parsed.GetValue(keyFileReload) is { } interval
                    ? ParseNumber(keyFileReload.Name, interval, 86_400, "seconds") * TimeSpan.FromSeconds(1)
                    : null,
                NoCache = parsed.GetValue(noCache),
                UntilStdinCloses = parsed.GetValue(untilStdinCloses),
            };
            if (options.NoCache && Array.Find<Option>([store, keyFile, farm, tickets, lookupDeadline, keyFileReload],
                option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
            {
                throw ToolException.ForUsage($"--no-cache goes without {idle.Name}: there is no cache to be set up.");
            }

            options.Validate();
            TlsStacks.BindLibSsl(options.Stack, parsed.GetValue(libssl));
            return ServeRun.RunAsync(options);
        });
        return command;
    }

    private static int ParseNumber(string option, string text, int most, string unit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw ToolException.ForUsage($"{option} {text} is not a number of {unit} from 1 to {most}.");

    private static bool ParseSwitch(string text) => text switch
    {
        "on" => true,
        "off" => false,
        _ => throw ToolException.ForUsage($"--tickets {text} is neither on nor off."),
    };
}
