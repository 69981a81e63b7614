using System.Globalization;
using Spectre.Console;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>Prints the visits so that one look is enough, on a terminal and in a file.</summary>
internal static class DemoTable
{
    private const int Width = 100;

    internal static void Print(IReadOnlyList<DemoVisit> visits)
    {
        IAnsiConsole console = Terminal.Create(Width);
        Table table = Terminal.CreateTable();
        table.AddColumns("server", "pid", "port", "version", "session offered", "client says", "server says");
        table.AddColumn(new TableColumn("handshake") { Alignment = Justify.Right });
        foreach (DemoVisit visit in visits)
        {
            table.AddRow(
                new Text(visit.Server.Name),
                new Text(visit.AnsweredBy.ToString(CultureInfo.InvariantCulture)),
                new Text(visit.Server.EndPoint.Port.ToString(CultureInfo.InvariantCulture)),
                new Text(visit.Protocol),
                new Text(visit.MadeBy is { } maker ? $"made by {maker.Name}" : "none"),
                FullOrResumed(visit, visit.ClientResumed),
                FullOrResumed(visit, visit.ServerResumed),
                new Text(visit.Handshake.TotalMilliseconds.ToString("0.0 ms", CultureInfo.InvariantCulture)));
        }

        console.Write(table);
    }

    private static Text FullOrResumed(DemoVisit visit, bool resumed)
    {
        Color color = resumed ? Color.Green : visit.MadeBy is null ? Color.Default : Color.Red;
        return new Text(resumed ? "resumed" : "full", new Style(color));
    }
}
