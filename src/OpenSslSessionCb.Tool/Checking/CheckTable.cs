using OpenSslSessionCb.Tool.Choices;
using Spectre.Console;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>Prints who resumes whose sessions, and in words what is behind it.</summary>
internal static class CheckTable
{
    // Redirected, no line is broken: a file has no edge.
    private const int FileWidth = 1000;

    internal static void Print(CheckMatrix matrix, CheckOptions options)
    {
        Console.WriteLine(matrix.Version == TlsVersions.Tls13 ? "TLS 1.3" : "TLS 1.2");
        IAnsiConsole console = Terminal.Create(Console.IsOutputRedirected ? FileWidth : null);
        Table table = Terminal.CreateTable();
        table.AddColumns("session made by", "given");
        foreach (PeerAddress peer in options.Peers)
        {
            table.AddColumn(new TableColumn(new Text($"offered to {peer}")));
        }

        for (int maker = 0; maker < options.Peers.Count; maker++)
        {
            int row = maker;
            IEnumerable<Text> results = Enumerable.Range(0, options.Peers.Count).Select(target => ToText(matrix[row, target]));
            table.AddRow([new Text(options.Peers[maker].ToString()), new Text(matrix.First[maker].Given), .. results]);
        }

        console.Write(table);
        if (Advice(matrix, options) is { } advice)
        {
            Console.WriteLine(advice);
        }
    }

    private static Text ToText(CheckResult result) =>
        new(result.Text, new Style(result.IsResumed ? Color.Green : result.Counts ? Color.Red : Color.Default));

    /// <summary>What most probably is missing, when servers resume their own sessions and not each other's.</summary>
    private static string? Advice(CheckMatrix matrix, CheckOptions options)
    {
        int[] resuming = [.. Enumerable.Range(0, options.Peers.Count).Where(peer => matrix[peer, peer].IsResumed)];
        (int Maker, int Target)[] refused =
        [
            .. from maker in resuming
                from target in resuming
                where matrix[maker, target] is { Counts: true, IsResumed: false }
                select (maker, target),
        ];
        if (refused.Length == 0)
        {
            return null;
        }

        bool namesDiffer = options.HostName is null
            && refused.Any(pair => options.Peers[pair.Maker].HostName != options.Peers[pair.Target].HostName);
        string what = refused.Any(pair => matrix.First[pair.Maker].Form == SessionForm.Ticket)
            ? "tickets need ticket keys and a session id context that the servers share"
            : "ids need a store, a key ring, a farm and a certificate that the servers share";
        return $"Servers resume their own sessions and not each other's: {what}"
            + $"{(namesDiffer ? ", and one host name for all, which --sni gives" : "")}.";
    }
}
