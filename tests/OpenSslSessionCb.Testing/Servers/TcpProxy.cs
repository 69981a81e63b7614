using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenSslSessionCb.Testing;

/// <summary>Stands between the store and its server, and passes on what either says: late, or garbled, when told so.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly int _server;

    public TcpProxy(int server)
    {
        _server = server;
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>What is sent to the client in place of the server's next words; null: what the server says.</summary>
    public byte[]? Garbage { get; set; }

    /// <summary>
    /// What becomes of the server's words, unless <see cref="Garbage"/> replaces them; null: nothing. The bytes are its own to
    /// change.
    /// </summary>
    public Func<byte[], byte[]>? Rewrite { get; set; }

    /// <summary>How long each piece is under way, in each direction; those that follow do not wait for it.</summary>
    public TimeSpan Delay { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (Task task in _tasks)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            _tasks.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
        client.NoDelay = server.NoDelay = true;
        Task[] both =
        [
            PassAsync(client.GetStream(), server.GetStream(), garble: false),
            PassAsync(server.GetStream(), client.GetStream(), garble: true),
        ];
        await Task.WhenAny(both);

        // The other one ends with its connection, and both failures are seen.
        client.Close();
        server.Close();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool garble)
    {
        byte[] buffer = new byte[64 * 1024];
        Task sent = Task.CompletedTask;
        try
        {
            int length;
            while ((length = await from.ReadAsync(buffer, _end.Token)) > 0)
            {
                byte[] piece = buffer.AsSpan(0, length).ToArray();
                piece = garble ? Garbage ?? Rewrite?.Invoke(piece) ?? piece : piece;
                sent = SendAsync(to, piece, after: sent, Delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(Delay, _end.Token));
            }
        }
        finally
        {
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(NetworkStream to, byte[] piece, Task after, Task late)
    {
        await Task.WhenAll(after, late);
        await to.WriteAsync(piece, _end.Token);
    }
}
