using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Accepts clients and talks to each in a task of its own.</summary>
internal sealed class TlsServer : IDisposable
{
    private static readonly TimeSpan s_outOfSocketsPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly IServingStack _stack;
    private readonly Pages _pages;
    private readonly ServerCounters _counters;
    private readonly ConcurrentDictionary<Task, byte> _conversations = new();

    internal TlsServer(IPEndPoint listen, IServingStack stack, Pages pages, ServerCounters counters)
    {
        _stack = stack;
        _pages = pages;
        _counters = counters;
        _listener = ListenSocket.Open(listen);
    }

    /// <summary>With the real port, where 0 was asked for.</summary>
    internal IPEndPoint LocalEndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Serves until told to stop, then says goodbye to everybody.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        while (await AcceptAsync(stopping) is { } socket)
        {
            Track(Task.Run(() => ConverseAsync(socket, stopping), CancellationToken.None));
        }

        _listener.Dispose();
        try
        {
            await Task.WhenAll(_conversations.Keys).WaitAsync(s_closingTime, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // A client that takes nothing: the end of the process tells it.
        }
    }

    public void Dispose() => _listener.Dispose();

    private async ValueTask<Socket?> AcceptAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (SocketException)
            {
                // Out of file descriptors, or a client that was gone before it was accepted.
                await Task.Delay(s_outOfSocketsPause, CancellationToken.None);
            }
        }
    }

    private void Track(Task conversation)
    {
        _conversations.TryAdd(conversation, 0);
        _ = conversation.ContinueWith(
            static (ended, tracked) => ((ConcurrentDictionary<Task, byte>)tracked!).TryRemove(ended, out _),
            _conversations,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task ConverseAsync(Socket socket, CancellationToken stopping)
    {
        _counters.Opened();
        try
        {
            socket.NoDelay = true;
            using IServedConnection connection = _stack.Serve(socket);
            await new Conversation(connection, _pages, _counters).RunAsync(stopping);
        }
        catch (Exception exception)
        {
            // One client's trouble is not the others'.
            socket.Dispose();
            await Console.Error.WriteLineAsync(
                $"sesscb: a connection ended with {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            _counters.Closed();
        }
    }
}
