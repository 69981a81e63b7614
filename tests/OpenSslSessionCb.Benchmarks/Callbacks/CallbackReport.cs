using System.Globalization;
using Spectre.Console;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>The table that a person reads.</summary>
internal static class CallbackReport
{
    // Redirected or not: what is pasted into a message looks as it did on the screen.
    private const int Width = 140;

    internal static void Show(IReadOnlyList<CallbackResult> results, string path)
    {
        var table = new Table { Border = TableBorder.Ascii2 };
        table.AddColumn("case", static column => column.NoWrap());
        foreach (string header in (string[])["C\nµs", "managed\nµs", "ratio", "at most", "C, process\nµs", "managed, process\nµs", "bytes\nper hit", "bytes per\nconnection"])
        {
            table.AddColumn(header, static column => column.RightAligned().NoWrap());
        }

        foreach (CallbackResult result in results)
        {
            table.AddRow(
                result.Case,
                Text(result.ReferenceUs, "0.0"),
                Text(result.ManagedUs, "0.0"),
                $"{Text(result.Ratio, "0.000")} ±{Text(result.RatioMargin, "0.000")}",
                result.RatioLimit is { } limit ? Text(limit, "0.00") : "",
                Text(result.ReferenceProcessUs, "0.0"),
                Text(result.ManagedProcessUs, "0.0"),
                Text(result.AllocatedBytesPerHit, "0.##"),
                Text(result.AllocatedBytesPerConnection, "0"));
        }

        AnsiConsole.Profile.Width = Width;
        AnsiConsole.Write(table);
        Console.WriteLine($"{OpenSslLibrary.VersionText}; P-256; the managed cache with its defaults over the store in memory.");
        Console.WriteLine("C, managed: the server's time for a connection (handshake, a byte each way, close), on the thread that shakes hands: medians.");
        Console.WriteLine("ratio: managed over C, the median over blocks of turns, and half its 95 % confidence interval.");
        Console.WriteLine("process: CPU of the whole process for a connection: server, client, and the managed cache's writer, which encodes and stores.");
        Console.WriteLine($"Written to {path}");
        Console.WriteLine($"callbacks: {results.Count(static result => result.IsWithinLimits)} of {results.Count} cases within their limits");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
