using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>
/// Keeps a browser from meeting the same of two nodes each time. The balancer gives each connection to the next node; Chromium opens a
/// second one where the first takes long (250 ms), and leaves one of them unused: who goes on like that never gets to the other node.
/// </summary>
internal sealed class TurnMixer(IPEndPoint balancer)
{
    private const int Time = 3;

    private string _last = "";

    /// <summary>Takes a turn or not, by chance, when the page has a new connection: no habit keeps step with that.</summary>
    internal void Look(string[][] rows)
    {
        if (rows.Length == 0 || rows[0][Time] == _last)
        {
            return;
        }

        _last = rows[0][Time];
        if (Random.Shared.Next(2) == 0)
        {
            using var connection = new TcpClient();
            connection.Connect(balancer);
        }
    }
}
