using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>
/// How long libssl may wait on a descriptor: .NET's ReceiveTimeout is for .NET's own calls, and the kernel knows nothing of it.
/// </summary>
internal static class SocketPatience
{
    // <sys/socket.h> of Linux.
    private const int SolSocket = 1;
    private const int SoReceiveTimeout = 20;
    private const int SoSendTimeout = 21;

    internal static void Limit(Socket socket, TimeSpan patience)
    {
        // struct timeval.
        ReadOnlySpan<byte> time = MemoryMarshal.AsBytes<nint>([(nint)patience.TotalSeconds, 0]);
        socket.SetRawSocketOption(SolSocket, SoReceiveTimeout, time);
        socket.SetRawSocketOption(SolSocket, SoSendTimeout, time);
    }
}
