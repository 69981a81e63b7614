using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>
/// Keeps a browser from meeting the same of two nodes each time. The balancer gives each connection to the next node; Chromium opens a
/// second one where the first takes long (250 ms), and leaves one of them unused: if it goes on like that, it never gets to the other node.
/// </summary>
internal sealed class TurnKeeper(IPEndPoint balancer)
{
    private const int Node = 2;
    private const int Time = 3;

    private string _last = "";

    /// <summary>Takes a turn of its own when the two newest connections of the page went to the same node.</summary>
    internal void Look(string[][] rows)
    {
        if (rows.Length < 2 || rows[0][Node] != rows[1][Node] || rows[0][Time] == _last)
        {
            return;
        }

        _last = rows[0][Time];
        using var connection = new TcpClient();
        connection.Connect(balancer);
    }
}
