using System.Net;
using System.Net.Sockets;

namespace FarmDemo;

/// <summary>
/// One address for all nodes, each connection to the next of them. It passes bytes on and knows nothing of TLS: browsers keep their
/// sessions by host and port, and so would offer none to a node with a port of its own.
/// </summary>
internal sealed class Balancer : IDisposable
{
    private readonly TcpListener _listener;

    internal Balancer(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            _listener.Start();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new FarmException($"port {port} is in use. Choose another one with --port.");
        }
        catch (SocketException exception)
        {
            throw new FarmException($"port {port} cannot be had ({exception.Message}). Choose another one with --port.");
        }
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal async Task RunAsync(IReadOnlyList<IPEndPoint> nodes, CancellationToken stopping)
    {
        for (int turn = 0; ; turn++)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(stopping);
            _ = PassOnAsync(client, [nodes[turn % nodes.Count], .. nodes], stopping);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static async Task PassOnAsync(TcpClient client, IPEndPoint[] nodes, CancellationToken stopping)
    {
        using (client)
        {
            try
            {
                using TcpClient node = await ConnectAsync(nodes, stopping);
                client.NoDelay = node.NoDelay = true;
                await Task.WhenAll(CopyAsync(client, node, stopping), CopyAsync(node, client, stopping));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone: so does the other.
            }
        }
    }

    /// <summary>The node whose turn it is, or whichever is there.</summary>
    private static async Task<TcpClient> ConnectAsync(IPEndPoint[] nodes, CancellationToken stopping)
    {
        for (int i = 0; ; i++)
        {
            var node = new TcpClient();
            try
            {
                await node.ConnectAsync(nodes[i], stopping);
                return node;
            }
            catch (SocketException) when (i < nodes.Length - 1)
            {
                node.Dispose();
            }
            catch
            {
                node.Dispose();
                throw;
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken stopping)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), stopping);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // The other direction must not wait for one that is gone.
            from.Close();
            to.Close();
            throw;
        }
    }
}
