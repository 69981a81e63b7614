using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// Ports for servers that must be told one. They lie below those that the system gives to connections, and no two tests get the same,
/// whichever process they run in. Benchmarks use it too, so it knows no test framework.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int PortsOfAProcess = 200;
    private const int Processes = 100;

    // Who listens on the first of its ports has the others, for as long as it runs.
    private static readonly Lazy<TcpListener> s_claim = new(Claim);
    private static int s_taken;

    internal static int Next()
    {
        int first = ((IPEndPoint)s_claim.Value.LocalEndpoint).Port;
        for (int attempt = 0; attempt < PortsOfAProcess; attempt++)
        {
            // A port comes back after a long time only: what ended there may not be quite gone.
            int port = first + 1 + (Interlocked.Increment(ref s_taken) % (PortsOfAProcess - 1));
            if (TryListen(port) is { } listener)
            {
                listener.Dispose();
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {first} to {first + PortsOfAProcess} is free.");
    }

    private static TcpListener Claim()
    {
        for (int process = 0; process < Processes; process++)
        {
            if (TryListen(First + (process * PortsOfAProcess)) is { } listener)
            {
                return listener;
            }
        }

        throw new InvalidOperationException($"No port from {First} on is free.");
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
