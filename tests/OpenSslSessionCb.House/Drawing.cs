using System.Globalization;
using System.Text;

namespace OpenSslSessionCb.House;

/// <summary>A project's storeys as an SVG, from docs/house.txt alone: ./build.sh house --write puts it into docs.</summary>
public static class Drawing
{
    private const int Width = 1100;
    private const int Margin = 24;
    private const int RoomHeight = 58;
    private const int StoreyGap = 18;
    private const int Columns = 3;

    private static readonly string[] s_colours = ["#dbeafe", "#dcfce7", "#fef9c3", "#fde2e2", "#ede9fe", "#e5e7eb"];

    public static string Of(string project, IEnumerable<Room> rooms)
    {
        var boxes = new StringBuilder();
        int top = Margin + 30;
        foreach (IGrouping<int, Room> storey in rooms.GroupBy(static room => room.Storey))
        {
            Room[] there = [.. storey];
            int rows = (there.Length + Columns - 1) / Columns;
            int height = (rows * RoomHeight) + 12;
            boxes.Append(CultureInfo.InvariantCulture, $"""
                <rect x="{Margin}" y="{top}" width="{Width - (2 * Margin)}" height="{height}" rx="6" fill="#f8fafc" stroke="#94a3b8"/>

                """);
            for (int i = 0; i < there.Length; i++)
            {
                int inRow = Math.Min(Columns, there.Length - (i / Columns * Columns));
                int width = (Width - (2 * Margin) - 12) / inRow;
                Draw(boxes, there[i], Margin + 6 + (i % Columns * width), top + 6 + (i / Columns * RoomHeight), width);
            }

            top += height + StoreyGap;
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {top}" font-family="sans-serif" font-size="13">
            <title>The storeys of {project}</title>
            <text x="{Margin}" y="{Margin + 12}" font-size="16">{project}: a folder uses those below it or to its right</text>
            {boxes}</svg>

            """);
    }

    private static void Draw(StringBuilder boxes, Room room, int left, int top, int width)
    {
        string colour = s_colours[room.Storey % s_colours.Length];
        boxes.Append(CultureInfo.InvariantCulture, $"""
            <rect x="{left + 3}" y="{top + 3}" width="{width - 6}" height="{RoomHeight - 6}" rx="4" fill="{colour}" stroke="#475569"/>
            <text x="{left + 12}" y="{top + 24}" font-weight="bold">{room.Name}</text>

            """);
        int line = 0;
        foreach (string part in Wrap(room.Says, (width - 24) / 7))
        {
            boxes.Append(CultureInfo.InvariantCulture, $"""
                <text x="{left + 12}" y="{top + 38 + (line++ * 12)}" font-size="11">{part}</text>

                """);
        }
    }

    private static IEnumerable<string> Wrap(string text, int columns)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length + 1 > columns)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
