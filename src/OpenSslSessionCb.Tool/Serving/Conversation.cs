using System.Net.Sockets;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>One client from its first byte to its last.</summary>
internal sealed class Conversation(IServedConnection connection, Pages pages, ServerCounters counters)
{
    private static readonly TimeSpan s_handshakeTime = TimeSpan.FromSeconds(10);

    // For a whole request, however slowly it drips in.
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stoppingTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Never throws what a client can cause.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            if (await HandshakeAsync(deadline))
            {
                await AnswerAsync(deadline);
            }
        }
        catch (Exception exception) when (exception is TlsFailedException or SocketException or OperationCanceledException)
        {
            // Garbage, a reset, a client that is too slow, or the end of the server.
        }

        await connection.CloseAsync(stopping.IsCancellationRequested ? s_stoppingTime : s_closingTime);
    }

    private async Task<bool> HandshakeAsync(CancellationTokenSource deadline)
    {
        deadline.CancelAfter(s_handshakeTime);
        try
        {
            await connection.HandshakeAsync(deadline.Token);
            return true;
        }
        catch (Exception exception) when (exception is TlsFailedException or SocketException or OperationCanceledException)
        {
            counters.HandshakeFailed();
            return false;
        }
    }

    private async Task AnswerAsync(CancellationTokenSource deadline)
    {
        var requests = new RequestReader(connection);
        RequestHead? request;
        do
        {
            deadline.CancelAfter(s_idleTime);
            request = await requests.ReadAsync(deadline.Token);
            if (request is not null)
            {
                Page page = request.Problem != 0 ? Page.Error(request.Problem) : pages.Find(request.Method, request.Path, connection.Facts);
                await connection.WriteAsync(Response.Create(page, request));
            }
        }
        while (request is { KeepAlive: true });
    }
}
