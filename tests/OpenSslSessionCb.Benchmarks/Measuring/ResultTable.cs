using System.Globalization;
using Spectre.Console;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A table for a person to read, in Markdown: docs/performance.md takes its rows as they are.</summary>
internal sealed class ResultTable
{
    // Redirected or not: what is pasted into a message looks as it did on the screen.
    private const int Width = 200;

    private readonly Table _table = new() { Border = TableBorder.Markdown };

    /// <param name="words">How many of the first columns hold words, and not numbers.</param>
    /// <param name="headers">One a column.</param>
    internal ResultTable(int words, params string[] headers)
    {
        foreach ((int index, string header) in headers.Index())
        {
            _table.AddColumn(header, column => (index < words ? column.LeftAligned() : column.RightAligned()).NoWrap());
        }
    }

    internal void Add(params string[] cells) => _table.AddRow([.. cells.Select(static cell => new Text(cell))]);

    internal void Show()
    {
        AnsiConsole.Profile.Width = Width;
        AnsiConsole.Write(_table);
    }

    internal static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
