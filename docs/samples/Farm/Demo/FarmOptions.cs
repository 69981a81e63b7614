using System.Globalization;

namespace FarmDemo;

/// <param name="Port">Where the balancer listens; 0: a free port.</param>
/// <param name="Sqlite">SQLite, though Redis may be there.</param>
/// <param name="UntilStdinCloses">End when the standard input does, for a program that starts this one.</param>
internal sealed record FarmOptions(int Port = 8443, bool Sqlite = false, bool UntilStdinCloses = false)
{
    private const string Usage = "The options are --port NUMBER (8443 unless given, 0 for a free one), --sqlite and --until-stdin-closes.";

    internal static FarmOptions Parse(string[] args)
    {
        var options = new FarmOptions();
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--port" => options with { Port = ParsePort(args.ElementAtOrDefault(++i)) },
                "--sqlite" => options with { Sqlite = true },
                "--until-stdin-closes" => options with { UntilStdinCloses = true },
                _ => throw new FarmException($"'{args[i]}' is not understood. {Usage}", 2),
            };
        }

        return options;
    }

    private static int ParsePort(string? text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        ? port
        : throw new FarmException("--port needs a number from 0 to 65535.", 2);
}
