using System.CommandLine;
using System.CommandLine.Parsing;
using OpenSslSessionCb.Tool.Running;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb run: its options, and the command line that it is to become.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var store = new Option<string?>("--store")
        {
            HelpName = "memory|sqlite:PATH|redis:HOST:PORT[,OPTIONS]",
            Description = "Where sessions are kept: in each of the server's processes, in a file that processes of this machine share, "
                + "or in a Redis, Valkey or Garnet that machines share. OSSCB_STORE says the same; one of the two is needed.",
        };
        var keyFile = new Option<string?>("--key-file")
        {
            HelpName = "FILE",
            Description = "The key ring that seals sessions, the same for all who share a store; made when absent, by the server. "
                + "Needed for redis; for sqlite, unless given: PATH.key. OSSCB_KEY_FILE.",
        };
        var farm = new Option<string?>("--farm")
        {
            HelpName = "NAME",
            Description = "Sessions resume only among servers of one farm; 'default' unless given. OSSCB_FARM.",
        };
        var deadline = new Option<string?>("--deadline")
        {
            HelpName = "MS",
            Description = "How long a handshake waits for the store at most, 1 to 1000 milliseconds; 20 unless given. OSSCB_DEADLINE_MS.",
        };
        var log = new Option<string?>("--log")
        {
            HelpName = "FILE|stderr",
            Description = "Where the library's lines go; stderr unless given. OSSCB_LOG.",
        };
        var logLevel = new Option<string?>("--log-level")
        {
            HelpName = "error|warning|information",
            Description = "Which lines; information, and so all, unless given. OSSCB_LOG_LEVEL.",
        };
        var children = new Option<bool>("--children")
        {
            Description = "The programs that the server starts share their sessions too. OSSCB_CHILDREN=1.",
        };
        var libraries = new Option<string?>("--libraries")
        {
            HelpName = "FOLDER",
            Description = "Where libopensslsessioncb_preload.so and libopensslsessioncb.so are; "
                + "otherwise beside sesscb, or where ./build.sh native leaves them.",
        };

        var command = new Command(
            "run",
            "sesscb run [options] -- PROGRAM [ARGUMENT...]: start an OpenSSL server as it is, nginx for instance, "
            + "and let it share its sessions. This process becomes the server, "
            + "with a library preloaded, once nothing is found that would stop that. "
            + "A PROGRAM without a slash is looked for in PATH. Linux only.")
        {
            store, keyFile, farm, deadline, log, logLevel, children, libraries,
        };

        // Its own arguments are whatever comes after the two dashes.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(int (parsed) =>
        {
            Launch.Run(new RunOptions
            {
                CommandLine = ServerOf(parsed),
                Store = Given(store, ServerVariables.Store),
                KeyFile = Given(keyFile, ServerVariables.KeyFile),
                Farm = Given(farm, ServerVariables.Farm),
                Deadline = Given(deadline, ServerVariables.Deadline),
                Log = Given(log, ServerVariables.Log),
                LogLevel = Given(logLevel, ServerVariables.LogLevel),
                Children = parsed.GetValue(children),
                Libraries = parsed.GetValue(libraries),
            });
            return 0;

            Setting? Given(Option<string?> option, string variable) => Setting.Of(option.Name, parsed.GetValue(option), variable);
        });
        return command;
    }

    /// <summary>Nothing before the two dashes is the server's, and everything after them is, whatever it looks like.</summary>
    private static string[] ServerOf(ParseResult parsed)
    {
        string[] server =
        [
            .. parsed.Tokens.SkipWhile(static token => token.Type != TokenType.DoubleDash).Skip(1).Select(static token => token.Value),
        ];
        if (parsed.UnmatchedTokens.Count > server.Length)
        {
            throw ToolException.ForUsage($"'{parsed.UnmatchedTokens[0]}' is no option of run: "
                + "the server's own command line comes after two dashes, as in sesscb run --store memory -- nginx.");
        }

        return server.Length > 0
            ? server
            : throw ToolException.ForUsage("No server was named: give it after two dashes, as in sesscb run --store memory -- nginx.");
    }
}
