using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>A client that hosts libssl itself: connects, asks how it was connected, and keeps the session.</summary>
internal sealed class DemoClient(SafeTlsContext context)
{
    private static readonly TimeSpan s_visitTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pollPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Visits a server, and returns the session it gave when that is written to the store.</summary>
    internal async Task<(DemoVisit Visit, SafeTlsSession Session)> VisitAsync(
        ServerProcess server, SafeTlsSession? offered, ServerProcess? madeBy, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_visitTime);
        try
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var connection = new TlsConnection(socket, new TlsEngine(context, isServer: false));
            await socket.ConnectAsync(server.EndPoint, deadline.Token);
            offered?.OfferOn(connection.Engine);

            long start = Stopwatch.GetTimestamp();
            await connection.HandshakeAsync(deadline.Token);
            TimeSpan handshake = Stopwatch.GetElapsedTime(start);

            var pages = new PageReader(connection);
            Dictionary<string, string> page = Lines(await pages.GetAsync("/", deadline.Token));
            TlsFacts facts = TlsFacts.Of(connection.Engine);
            var visit = new DemoVisit
            {
                Server = server,
                MadeBy = madeBy,
                Protocol = facts.Protocol,
                ClientResumed = facts.IsReused,
                ServerResumed = page["reused"] == "yes",
                AnsweredBy = int.Parse(page["pid"], CultureInfo.InvariantCulture),
                Handshake = handshake,
            };
            await WaitUntilWrittenAsync(pages, deadline.Token);
            SafeTlsSession session = SafeTlsSession.Of(connection.Engine);
            await connection.CloseAsync(s_closingTime);
            return (visit, session);
        }
        catch (Exception exception) when (exception is TlsFailedException or SocketException)
        {
            throw new ToolException($"the visit to server {server.Name} failed: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"server {server.Name} did not finish within {s_visitTime.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>On the same connection: another one would make sessions of its own.</summary>
    private static async Task WaitUntilWrittenAsync(PageReader pages, CancellationToken cancellationToken)
    {
        // Twice in a row: the write that was taken off the queue last may be under way still.
        int inARow = 0;
        while (inARow < 2)
        {
            using JsonDocument statistics = JsonDocument.Parse(await pages.GetAsync("/stats", cancellationToken));
            inARow = statistics.RootElement.GetProperty("queued").GetInt64() == 0 ? inARow + 1 : 0;
            await Task.Delay(s_pollPause, cancellationToken);
        }
    }

    private static Dictionary<string, string> Lines(string page) => page
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(": ", 2))
        .Where(static parts => parts.Length == 2)
        .ToDictionary(static parts => parts[0], static parts => parts[1]);
}
