using Spectre.Console;

namespace OpenSslSessionCb.Tool;

/// <summary>Tables that can be read on a terminal and in a file.</summary>
internal static class Terminal
{
    /// <summary>Writes to the standard output. Width null: that of the terminal.</summary>
    internal static IAnsiConsole Create(int? width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = width ?? console.Profile.Width;
        return console;
    }

    internal static Table CreateTable() => new() { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
}
