using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using OpenSslSessionCb.Tool.Serving;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>A client's connection through SslStream. For one task at a time; owns the socket.</summary>
internal sealed class SslStreamConnection(Socket socket, SslServerAuthenticationOptions authentication) : IServedConnection
{
    private const int MaxDrainedBytes = 256 * 1024;

    private readonly SslStream _stream = new(new NetworkStream(socket, ownsSocket: true));
    private ObservedConnection? _observed;
    private bool _isOpen;

    public TlsFacts Facts => _observed?.Facts ?? throw new TlsFailedException("the handshake is not done");

    public async ValueTask HandshakeAsync(CancellationToken cancellationToken)
    {
        _observed = ConnectionObserver.Expect();
        await GuardAsync(() => _stream.AuthenticateAsServerAsync(authentication, cancellationToken));
        _isOpen = true;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = 0;
        await GuardAsync(async () => count = await _stream.ReadAsync(destination, cancellationToken));
        return count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source)
    {
        await GuardAsync(() => _stream.WriteAsync(source).AsTask());
    }

    public async ValueTask CloseAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            if (_isOpen)
            {
                await _stream.ShutdownAsync().WaitAsync(deadline.Token);
            }

            socket.Shutdown(SocketShutdown.Send);
            await DrainAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is SocketException
            or IOException or AuthenticationException or InvalidOperationException or OperationCanceledException)
        {
            // The client is gone, or in no hurry.
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var chunk = new byte[4096];
        int total = 0;
        int count;
        do
        {
            count = await socket.ReceiveAsync(chunk, SocketFlags.None, cancellationToken);
            total += count;
        }
        while (count > 0 && total < MaxDrainedBytes);
    }

    private static async Task GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            throw new TlsFailedException(exception.Message);
        }
    }
}
