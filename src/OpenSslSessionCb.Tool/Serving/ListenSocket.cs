using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>The socket behind --listen. What is wrong with the address is said in one sentence, whichever server asks.</summary>
internal static class ListenSocket
{
    /// <summary>How many clients may wait to be accepted.</summary>
    internal const int Backlog = 4096;

    internal static Socket Open(IPEndPoint listen)
    {
        var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(listen);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ToolException(exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"--listen {listen} is in use already: give another port, or 0 for a free one."
                : $"--listen {listen} cannot be listened on ({exception.Message}): "
                    + "give an address of this machine and a port that this user may use.");
        }
    }
}
